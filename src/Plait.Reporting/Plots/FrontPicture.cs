using System.Xml.Linq;
using Plait.Torch;

namespace Plait.Reporting.Plots;

/// <summary>A point of a front in a picture.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Losses">One loss a task.</param>
/// <param name="IsDominated">Whether another point is better in everything.</param>
public sealed record FrontDot(string Label, IReadOnlyList<double> Losses, bool IsDominated);

/// <summary>Draws the losses of a front's points against each other, one panel for each two tasks, as an SVG file of its own.</summary>
public static class FrontPicture
{
    private const double Side = 320;
    private const double Left = 60;
    private const double Right = 310;
    private const double Top = 20;
    private const double Bottom = 270;
    private static readonly XNamespace Namespace = "http://www.w3.org/2000/svg";

    /// <summary>Writes the picture, whole or not at all.</summary>
    /// <param name="path">The file; an earlier one is replaced.</param>
    /// <param name="dots">The points, in the order in which they are joined.</param>
    /// <param name="tasks">The names of the tasks, two or three.</param>
    /// <exception cref="ArgumentException">There are fewer or more tasks.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<FrontDot> dots, IReadOnlyList<string> tasks)
    {
        ArgumentNullException.ThrowIfNull(dots);
        ArgumentNullException.ThrowIfNull(tasks);
        var picture = Draw(dots, tasks);
        foreach (var element in picture.DescendantsAndSelf())
        {
            element.Name = Namespace + element.Name.LocalName;
        }

        AtomicFile.WriteText(path, picture.ToString());
    }

    internal static XElement Draw(IReadOnlyList<FrontDot> dots, IReadOnlyList<string> tasks)
    {
        if (tasks.Count is not (2 or 3))
        {
            throw new ArgumentException($"A front is drawn for two or three tasks; got {tasks.Count}.", nameof(tasks));
        }

        (int X, int Y)[] pairs = tasks.Count == 2 ? [(0, 1)] : [(0, 1), (0, 2), (1, 2)];
        return Svg.Picture(
            Side * pairs.Length,
            Bottom + 50,
            $"Pareto front: {dots.Count} points by the losses of {string.Join(", ", tasks)}",
            new XElement(
                "style",
                "text{font:11px sans-serif;fill:#333}.middle{text-anchor:middle}.end{text-anchor:end}.grid{stroke:#ddd}.axis{stroke:#888}.front{fill:none;stroke:#2a6f97;stroke-width:1.5}.dot{fill:#2a6f97}.dominated{fill:#fff;stroke:#999}"
            ),
            pairs.Select((pair, panel) => Panel(dots, tasks, pair.X, pair.Y, panel * Side, joined: tasks.Count == 2))
        );
    }

    private static XElement Panel(
        IReadOnlyList<FrontDot> dots,
        IReadOnlyList<string> tasks,
        int first,
        int second,
        double shift,
        bool joined
    )
    {
        var x = Axis.Over(dots.Select(dot => dot.Losses[first]), Left, Right);
        var y = Axis.Over(dots.Select(dot => dot.Losses[second]), Bottom, Top);
        var front = dots.Where(dot => !dot.IsDominated).OrderBy(dot => dot.Losses[first]);
        return new XElement(
            "g",
            new XAttribute("transform", $"translate({Svg.Pixel(shift)} 0)"),
            Frame(x, y),
            Svg.Text("middle", (Left + Right) / 2, Bottom + 34, Svg.Fit($"loss of {tasks[first]}", Right - Left)),
            Svg.Text("", 4, Top - 6, Svg.Fit($"loss of {tasks[second]}", Right)),
            joined ? Svg.Path("front", front.Select(dot => (x.At(dot.Losses[first]), y.At(dot.Losses[second])))) : null,
            dots.Select(dot => new XElement(
                "g",
                Svg.Tooltip($"{dot.Label}: {string.Join(", ", tasks.Zip(dot.Losses, FormatLoss))}"),
                Svg.Dot(dot.IsDominated ? "dominated" : "dot", x.At(dot.Losses[first]), y.At(dot.Losses[second]), 4)
            ))
        );
    }

    private static string FormatLoss(string task, double loss) => FormattableString.Invariant($"{task} {loss:0.0000}");

    private static IEnumerable<XElement> Frame(Axis x, Axis y)
    {
        var rows = Ticks.Of(y.Low, y.High, 5);
        foreach (var value in rows.Values)
        {
            yield return Svg.Line("grid", Left, y.At(value), Right, y.At(value));
            yield return Svg.Text("end", Left - 5, y.At(value) + 4, rows.Label(value));
        }

        var columns = Ticks.Of(x.Low, x.High, 5);
        foreach (var value in columns.Values)
        {
            yield return Svg.Line("grid", x.At(value), Top, x.At(value), Bottom);
            yield return Svg.Text("middle", x.At(value), Bottom + 15, columns.Label(value));
        }

        yield return Svg.Line("axis", Left, Bottom, Right, Bottom);
        yield return Svg.Line("axis", Left, Top, Left, Bottom);
    }
}
