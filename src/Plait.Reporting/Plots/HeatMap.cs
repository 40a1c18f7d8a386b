using System.Globalization;
using System.Xml.Linq;

namespace Plait.Reporting.Plots;

/// <summary>A symmetric matrix of signed numbers: one colour for positive, one for negative, paper for zero.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Labels">The names of rows and columns.</param>
/// <param name="Values">The numbers; NaN leaves a cell empty. The diagonal is not drawn.</param>
/// <param name="Scale">The absolute value of full colour; positive.</param>
internal sealed record HeatMap(string Title, IReadOnlyList<string> Labels, double[,] Values, double Scale)
{
    private const double LongestLabel = 112;
    private const double Top = 26;
    private const double Strongest = 0.7; // Opacity; above it the numbers on top are hard to read.

    /// <summary>The plot as inline SVG.</summary>
    public XElement Draw()
    {
        var count = Labels.Count;
        var cell = Math.Clamp(336.0 / count, 24, 56);
        var room = Math.Min(LongestLabel, Labels.Max(Svg.WidthOf)) + 8;
        var width = Math.Max(room + count * cell + 4, Svg.WidthOf(Title) * 1.1);
        var bottom = Top + count * cell;
        return Svg.Picture(
            width,
            bottom + room + 4,
            $"{Title}: {count} by {count} tasks",
            Svg.Text("title", 4, 14, Svg.Fit(Title, width)),
            Labels.Select(
                (label, row) => Svg.Text("tick end", room - 5, Top + (row + 0.5) * cell + 4, Svg.Fit(label, room))
            ),
            Labels.Select((label, column) => ColumnLabel(label, room + (column + 0.5) * cell + 4, bottom + 6, room)),
            from row in Enumerable.Range(0, count)
            from column in Enumerable.Range(0, count)
            where row != column && double.IsFinite(Values[row, column])
            select Cell(row, column, room + column * cell, Top + row * cell, cell)
        );
    }

    private static XElement ColumnLabel(string label, double x, double y, double room)
    {
        var text = Svg.Text("tick end", x, y, Svg.Fit(label, room));
        text.Add(new XAttribute("transform", $"rotate(-90 {Svg.Pixel(x)} {Svg.Pixel(y)})"));
        return text;
    }

    private XElement Cell(int row, int column, double x, double y, double size)
    {
        var value = Values[row, column];
        var area = Svg.Rectangle(value < 0 ? "negative" : "positive", x + 0.5, y + 0.5, size - 1, size - 1);
        var opacity = Math.Min(Math.Abs(value) / Scale, 1) * Strongest;
        area.Add(new XAttribute("fill-opacity", opacity.ToString("0.##", CultureInfo.InvariantCulture)));
        // Without the leading zero a number fits a small cell.
        var text = value.ToString(".00;-.00;0", CultureInfo.InvariantCulture);
        return new(
            "g",
            Svg.Tooltip(string.Create(CultureInfo.InvariantCulture, $"{Labels[row]}, {Labels[column]}: {value:0.000}")),
            area,
            Svg.Text("cell middle", x + size / 2, y + size / 2 + 3.5, text)
        );
    }
}
