using System.Globalization;
using System.Xml.Linq;

namespace Plait.Demonstrations;

/// <summary>The descents of the toy problem in the plane of its losses, a panel for each method.</summary>
internal static class ToyPicture
{
    private const int Columns = 3;
    private const double Side = 230;
    private const double Margin = 34;

    private static readonly XNamespace Namespace = "http://www.w3.org/2000/svg";
    private static readonly (double Low, double High) First = (-2.1, 1); // what all descents stay within
    private static readonly (double Low, double High) Second = (-21, 9);

    /// <summary>Draws them.</summary>
    /// <param name="paths">The descents, in the order of the panels.</param>
    /// <param name="front">The Pareto front.</param>
    /// <returns>SVG.</returns>
    public static string Draw(IReadOnlyList<ToyPath> paths, IReadOnlyList<(double First, double Second)> front)
    {
        var panels = paths.GroupBy(path => path.Method).ToList();
        var height = (panels.Count + Columns - 1) / Columns * Side;
        return Element(
                "svg",
                ("viewBox", Text($"0 0 {Columns * Side} {height}")),
                ("width", Text($"{Columns * Side}")),
                ("font-family", "sans-serif"),
                ("font-size", "11"),
                ("fill", "#333")
            )
            .With(
                Element("title")
                    .With("Descents on the toy problem: both losses from five starts, and the Pareto front"),
                Element("rect", ("width", "100%"), ("height", "100%"), ("fill", "#fff")),
                panels.Select((panel, place) => Panel(panel.Key, [.. panel], front, place))
            )
            .ToString();
    }

    private static XElement Panel(
        string method,
        IReadOnlyList<ToyPath> paths,
        IReadOnlyList<(double First, double Second)> front,
        int place
    ) =>
        Element("g", ("transform", Text($"translate({place % Columns * Side} {place / Columns * Side})")))
            .With(
                Line(First.Low, Second.Low, First.High, Second.Low),
                Line(First.Low, Second.Low, First.Low, Second.High),
                Label(method, Side / 2, 16, "middle", "bold"),
                Label("first loss", Side - 6, Side - 8, "end"),
                Label("second loss", 6, Margin - 8, "start"),
                new[] { -2.0, -1, 0, 1 }.Select(tick => Label(Text($"{tick}"), X(tick), Side - Margin + 14, "middle")),
                new[] { -20.0, -10, 0 }.Select(tick => Label(Text($"{tick}"), Margin - 4, Y(tick) + 4, "end")),
                Curve([.. front.Where((_, point) => point % 40 == 0)], "#bbb", 6),
                paths.Select(path => Curve(path.Losses, "#2a6f97", 1.5)),
                paths.Select(path => Dot(path.Losses[0], "#333", 3)),
                paths.Select(path => Dot(path.Losses[^1], "#d1495b", 4))
            );

    private static XElement Curve(IReadOnlyList<(double First, double Second)> losses, string colour, double width) =>
        Element(
            "polyline",
            ("points", string.Join(' ', losses.Select(point => Text($"{X(point.First):0.0},{Y(point.Second):0.0}")))),
            ("fill", "none"),
            ("stroke", colour),
            ("stroke-width", Text($"{width}"))
        );

    private static XElement Line(double x1, double y1, double x2, double y2) => Curve([(x1, y1), (x2, y2)], "#888", 1);

    private static XElement Dot((double First, double Second) losses, string colour, double radius) =>
        Element(
            "circle",
            ("cx", Text($"{X(losses.First):0.0}")),
            ("cy", Text($"{Y(losses.Second):0.0}")),
            ("r", Text($"{radius}")),
            ("fill", colour)
        );

    private static XElement Label(string text, double x, double y, string anchor, string weight = "normal") =>
        Element(
                "text",
                ("x", Text($"{x:0.0}")),
                ("y", Text($"{y:0.0}")),
                ("text-anchor", anchor),
                ("font-weight", weight)
            )
            .With(text);

    private static XElement Element(string name, params (string Name, string Value)[] attributes) =>
        new(Namespace + name, attributes.Select(attribute => new XAttribute(attribute.Name, attribute.Value)));

    private static XElement With(this XElement element, params object[] content)
    {
        element.Add(content);
        return element;
    }

    private static double X(double loss) =>
        Margin + ((loss - First.Low) / (First.High - First.Low) * (Side - Margin - 10));

    private static double Y(double loss) =>
        Side - Margin - ((loss - Second.Low) / (Second.High - Second.Low) * (Side - (2 * Margin)));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
