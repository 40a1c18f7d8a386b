using System.Xml.Linq;

namespace Plait.Reporting.Plots;

/// <summary>Lines over epochs or steps, with an optional band behind them.</summary>
internal sealed record LinePlot(string Title, string XLabel, IReadOnlyList<LineSeries> Series)
{
    private const double Width = 340;
    private const double Height = 200;
    private const double Left = 46;
    private const double Right = 330;
    private const double Top = 26;
    private const double Bottom = 164;
    private const double Spike = 0.98; // A share of the points; what lies far above them would flatten the rest.

    /// <summary>Lower and upper edge of an area behind the lines, or null.</summary>
    public IReadOnlyList<(double X, double Low, double High)>? Band { get; init; }

    /// <summary>Whether a line marks zero.</summary>
    public bool MarkZero { get; init; }

    /// <summary>Whether values far above nearly all others may be cut off, as those of losses.</summary>
    public bool CutsSpikes { get; init; }

    /// <summary>The plot as inline SVG.</summary>
    public XElement Draw()
    {
        var points = Series.SelectMany(series => series.Points).Where(point => double.IsFinite(point.Y)).ToArray();
        var x = Axis.Over(points.Select(point => point.X), Left, Right, tight: true);
        var values = points
            .Select(point => point.Y)
            .Concat(Band?.SelectMany(edge => new[] { edge.Low, edge.High }) ?? []);
        values = values.Concat(MarkZero ? [0] : []);
        var y = Axis.Over(CutsSpikes ? WithoutSpikes(values) : values.Where(double.IsFinite), Bottom, Top);
        return Svg.Picture(
            Width,
            Height,
            $"{Title}: {Series.Count} lines over {XLabel}",
            Svg.Text("title", Left, 14, Svg.Fit(Title, Right - Left)),
            Frame(x, y),
            // A nested picture cuts off what lies outside the axes.
            new XElement(
                "svg",
                new XAttribute("x", Left),
                new XAttribute("y", Top),
                new XAttribute("width", Right - Left),
                new XAttribute("height", Bottom - Top),
                new XAttribute("viewBox", $"{Left} {Top} {Right - Left} {Bottom - Top}"),
                Area(x, y),
                MarkZero ? Svg.Line("zero", Left, y.At(0), Right, y.At(0)) : null,
                Series.OrderByDescending(series => series.Faint).Select(series => Line(series, x, y))
            )
        );
    }

    private static IEnumerable<double> WithoutSpikes(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Where(double.IsFinite).Order()];
        if (sorted.Length == 0)
        {
            return sorted;
        }

        var high = sorted[(int)(Spike * (sorted.Length - 1))];
        var limit = high + 0.5 * (high - sorted[0]);
        return sorted.Where(value => value <= limit);
    }

    private static XElement Line(LineSeries series, Axis x, Axis y)
    {
        var css = $"{Svg.Colour(series.Colour)} line{(series.Faint ? " faint" : "")}";
        (double X, double Y)[] points =
        [
            .. series.Points.Where(point => double.IsFinite(point.Y)).Select(point => (x.At(point.X), y.At(point.Y))),
        ];
        return new(
            "g",
            new XAttribute("class", css),
            Svg.Tooltip(series.Label),
            points.Length == 1 ? Svg.Dot("dot", points[0].X, points[0].Y, 2.5) : Svg.Path("stroke", points)
        );
    }

    private XElement? Area(Axis x, Axis y) =>
        Band is null
            ? null
            : Svg.Path(
                $"{Svg.Colour(Series[0].Colour)} band",
                Band.Select(edge => (x.At(edge.X), y.At(edge.High)))
                    .Concat(Band.Reverse().Select(edge => (x.At(edge.X), y.At(edge.Low)))),
                closed: true
            );

    private IEnumerable<XElement> Frame(Axis x, Axis y)
    {
        var rows = Ticks.Of(y.Low, y.High, 5);
        foreach (var value in rows.Values)
        {
            yield return Svg.Line("grid", Left, y.At(value), Right, y.At(value));
            yield return Svg.Text("tick end", Left - 5, y.At(value) + 3.5, rows.Label(value));
        }

        var columns = Ticks.Of(x.Low, x.High, 6, whole: true);
        foreach (var value in columns.Values)
        {
            yield return Svg.Line("mark", x.At(value), Bottom, x.At(value), Bottom + 4);
            yield return Svg.Text("tick middle", x.At(value), Bottom + 15, columns.Label(value));
        }

        yield return Svg.Line("axis", Left, Bottom, Right, Bottom);
        yield return Svg.Text("tick middle", (Left + Right) / 2, Bottom + 30, XLabel);
    }
}
