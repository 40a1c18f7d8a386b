using System.Xml.Linq;

namespace Plait.Reporting.Plots;

/// <summary>One row of an <see cref="IntervalPlot"/>.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Colour">The number of its colour.</param>
/// <param name="Value">Its value; a row whose value is not finite stays empty.</param>
/// <param name="Low">Where its whisker begins.</param>
/// <param name="High">Where its whisker ends.</param>
/// <param name="Text">The value in words.</param>
internal sealed record IntervalRow(string Label, int Colour, double Value, double Low, double High, string Text);

/// <summary>One value a row, with a whisker: bars from zero, or dots on an axis of their own range.</summary>
internal sealed record IntervalPlot(string Title, IReadOnlyList<IntervalRow> Rows)
{
    private const double Top = 26;
    private const double AxisRoom = 24;
    private const double Padding = 8;

    /// <summary>Whether values are bars from zero; dots otherwise.</summary>
    public bool Bars { get; init; }

    /// <summary>A value that a vertical line marks, or null.</summary>
    public double? Reference { get; init; }

    /// <summary>The picture's width, in pixels.</summary>
    public double Width { get; init; } = 340;

    /// <summary>A row's height, in pixels.</summary>
    public double RowHeight { get; init; } = 16;

    /// <summary>The plot as inline SVG.</summary>
    public XElement Draw()
    {
        var left = Math.Min(0.42 * Width, Rows.Max(row => Svg.WidthOf(row.Label))) + Padding;
        var right = Width - Rows.Max(row => Svg.WidthOf(row.Text)) - Padding;
        var bottom = Top + Rows.Count * RowHeight + 4;
        IEnumerable<double> anchors =
            Bars ? [0]
            : Reference is { } marked ? [marked]
            : [];
        var x = Axis.Over(Rows.SelectMany(row => new[] { row.Value, row.Low, row.High }).Concat(anchors), left, right);
        var reference = Bars ? 0 : Reference;
        return Svg.Picture(
            Width,
            bottom + AxisRoom,
            $"{Title}: {string.Join("; ", Rows.Select(row => $"{row.Label} {row.Text}"))}",
            Svg.Text("title", Padding / 2, 14, Svg.Fit(Title, Width - Padding)),
            Grid(x, bottom),
            reference is { } value && double.IsFinite(value)
                ? Svg.Line("zero", x.At(value), Top, x.At(value), bottom)
                : null,
            Rows.Select((row, index) => Row(row, Top + (index + 0.5) * RowHeight, x, left))
        );
    }

    private static IEnumerable<XElement> Grid(Axis x, double bottom)
    {
        var ticks = Ticks.Of(x.Low, x.High, (int)Math.Clamp((x.End - x.Start) / 45, 3, 9));
        foreach (var value in ticks.Values)
        {
            yield return Svg.Line("grid", x.At(value), Top, x.At(value), bottom);
            yield return Svg.Text("tick middle", x.At(value), bottom + 14, ticks.Label(value));
        }
    }

    private XElement Row(IntervalRow row, double y, Axis x, double left)
    {
        var shown = double.IsFinite(row.Value);
        var zero = x.At(Math.Clamp(0, x.Low, x.High));
        var at = shown ? x.At(row.Value) : zero;
        return new(
            "g",
            new XAttribute("class", $"{Svg.Colour(row.Colour)} row"),
            Svg.Tooltip($"{row.Label}: {row.Text}"),
            Svg.Text("label end", left - Padding, y + 4, Svg.Fit(row.Label, left - Padding)),
            shown && Bars
                ? Svg.Rectangle("bar", Math.Min(zero, at), y - RowHeight * 0.32, Math.Abs(at - zero), RowHeight * 0.64)
                : null,
            shown && row.High > row.Low ? Whisker(row, y, x) : null,
            shown && !Bars ? Svg.Dot("dot", at, y, 3.4) : null,
            Svg.Text("value end", Width - Padding / 2, y + 4, row.Text)
        );
    }

    private static IEnumerable<XElement> Whisker(IntervalRow row, double y, Axis x)
    {
        yield return Svg.Line("whisker", x.At(row.Low), y, x.At(row.High), y);
        yield return Svg.Line("whisker", x.At(row.Low), y - 3, x.At(row.Low), y + 3);
        yield return Svg.Line("whisker", x.At(row.High), y - 3, x.At(row.High), y + 3);
    }
}
