using System.Globalization;
using System.Xml.Linq;

namespace Plait.Reporting.Plots;

/// <summary>A matrix of signed numbers: one colour for positive, one for negative, paper for zero.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Labels">The names of the rows and, unless they have their own, of the columns.</param>
/// <param name="Values">The numbers; NaN leaves a cell empty. Where rows and columns are the same the diagonal is not drawn.</param>
/// <param name="Scale">The absolute value of full colour; positive.</param>
internal sealed record HeatMap(string Title, IReadOnlyList<string> Labels, double[,] Values, double Scale)
{
    private const double LongestLabel = 112;
    private const double Top = 26;
    private const double Strongest = 0.7; // Opacity; above it the numbers on top are hard to read.

    /// <summary>The names of the columns; null where they are those of the rows.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>What rows and columns are, such as "target" and "source"; null for no captions.</summary>
    public (string Rows, string Columns)? Captions { get; init; }

    /// <summary>The power of a value's share of the scale that its colour follows; below 1 small values show beside large ones.</summary>
    public double Contrast { get; init; } = 1;

    /// <summary>What the numbers in the cells are counted in: 0.01 prints percent.</summary>
    public double Unit { get; init; } = 1;

    private IReadOnlyList<string> Across => Columns ?? Labels;

    /// <summary>The plot as inline SVG.</summary>
    public XElement Draw()
    {
        var cell = Math.Clamp(336.0 / Math.Max(Labels.Count, Across.Count), 24, 56);
        var longest = Columns is null ? LongestLabel : 2 * LongestLabel;
        var room = Math.Min(longest, Labels.Max(Svg.WidthOf)) + 8;
        var below = Math.Min(longest, Across.Max(Svg.WidthOf)) + 8;
        var width = Math.Max(room + (Across.Count * cell) + 4, Svg.WidthOf(Title) * 1.1);
        var top = Top + (Captions is null ? 0 : 16);
        var bottom = top + (Labels.Count * cell);
        return Svg.Picture(
            width,
            bottom + below + 4,
            $"{Title}: {Labels.Count} by {Across.Count} tasks",
            Svg.Text("title", 4, 14, Svg.Fit(Title, width)),
            Captions is var (rows, columns) ? Svg.Text("tick", 4, top - 6, $"{rows} ↓  {columns} →") : null,
            Labels.Select(
                (label, row) => Svg.Text("tick end", room - 5, top + ((row + 0.5) * cell) + 4, Svg.Fit(label, room))
            ),
            Across.Select((label, column) => ColumnLabel(label, room + ((column + 0.5) * cell) + 4, bottom + 6, below)),
            from row in Enumerable.Range(0, Labels.Count)
            from column in Enumerable.Range(0, Across.Count)
            where (Columns is not null || row != column) && double.IsFinite(Values[row, column])
            select Cell(row, column, room + (column * cell), top + (row * cell), cell)
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
        var opacity = Math.Pow(Math.Min(Math.Abs(value) / Scale, 1), Contrast) * Strongest;
        area.Add(new XAttribute("fill-opacity", opacity.ToString("0.##", CultureInfo.InvariantCulture)));
        return new(
            "g",
            Svg.Tooltip(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Labels[row]}, {Across[column]}: {(Unit == 1 ? value.ToString("0.000", CultureInfo.InvariantCulture) : value)}"
                )
            ),
            area,
            Svg.Text("cell middle", x + (size / 2), y + (size / 2) + 3.5, Number(value / Unit))
        );
    }

    /// <summary>A number that fits a small cell: without a leading zero, and without decimals that there is no room for.</summary>
    private static string Number(double value) =>
        value.ToString(
            Math.Abs(value) switch
            {
                < 0.995 => ".00;-.00;0",
                < 9.95 => "0.0",
                _ => "0",
            },
            CultureInfo.InvariantCulture
        );
}
