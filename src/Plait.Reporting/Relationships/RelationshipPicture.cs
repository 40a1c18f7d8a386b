using System.Xml.Linq;
using Plait.Relationships;
using Plait.Reporting.Plots;

namespace Plait.Reporting.Relationships;

/// <summary>A matrix of what tasks do for each other, above the tree of the tasks.</summary>
public sealed record RelationshipPicture
{
    private const double Padding = 12;
    private const double Gap = 24;

    /// <summary>What the matrix shows.</summary>
    public required string Title { get; init; }

    /// <summary>The names of the rows.</summary>
    public required IReadOnlyList<string> Rows { get; init; }

    /// <summary>The names of the columns.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>Rows x columns; NaN leaves a cell empty.</summary>
    public required double[,] Values { get; init; }

    /// <summary>What rows and columns are, such as "target" and "source".</summary>
    public (string Rows, string Columns) Captions { get; init; } = ("affected task", "by");

    /// <summary>The power of a value's share of the largest that its colour follows; below 1 small values show beside large ones.</summary>
    public double Contrast { get; init; } = 1;

    /// <summary>What the numbers in the cells are counted in: 0.01 prints percent.</summary>
    public double Unit { get; init; } = 1;

    /// <summary>The tree; null for the matrix alone. Rows and columns that it has stand in the order of its leaves, the others behind.</summary>
    public Dendrogram? Tree { get; init; }

    /// <summary>What the tree shows.</summary>
    public string TreeTitle { get; init; } = "Tree of tasks";

    /// <summary>How many groups of the tree have a colour each.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>The picture as the text of an SVG file, which needs nothing beside it.</summary>
    /// <exception cref="ArgumentException">The sizes do not fit.</exception>
    public string Svg() => SvgFile.Text(Draw());

    /// <summary>The picture as the text of an HTML page, which needs nothing beside it.</summary>
    /// <param name="notes">Paragraphs below the heading.</param>
    /// <exception cref="ArgumentException">The sizes do not fit.</exception>
    public string Page(params IEnumerable<string> notes) =>
        Markup.Page(
            Title,
            SvgFile.Resource("report.css"),
            SvgFile.Resource("report.js"),
            Markup.Element("h1", Title),
            notes.Select(note => Markup.Classed("p", "note", note)),
            Parts().Select(part => Markup.Classed("div", "scroll", part))
        );

    /// <summary>The matrix and the tree in one picture.</summary>
    internal XElement Draw()
    {
        XElement[] parts = [.. Parts()];
        var width = parts.Max(part => Size(part, "width")) + (2 * Padding);
        var y = Padding;
        var moved = new List<XElement>();
        foreach (var part in parts)
        {
            moved.Add(
                new XElement(
                    "g",
                    new XAttribute("transform", $"translate({Plots.Svg.Pixel(Padding)} {Plots.Svg.Pixel(y)})"),
                    part.Elements()
                )
            );
            y += Size(part, "height") + Gap;
        }

        var height = y - Gap + Padding;
        return Plots.Svg.Picture(
            width,
            height,
            string.Join("; ", parts.Select(part => part.Attribute("aria-label")!.Value)),
            Plots.Svg.Rectangle("paper", 0, 0, width, height),
            moved
        );
    }

    /// <summary>The matrix, and the tree.</summary>
    internal IEnumerable<XElement> Parts()
    {
        if (Values.GetLength(0) != Rows.Count || Values.GetLength(1) != Columns.Count || Values.Length == 0)
        {
            throw new ArgumentException(
                $"{Rows.Count} rows and {Columns.Count} columns do not fit {Values.GetLength(0)} x {Values.GetLength(1)} values."
            );
        }

        var (rows, columns) = (Order(Rows), Order(Columns));
        var values = new double[rows.Length, columns.Length];
        var largest = 0.0;
        for (var row = 0; row < rows.Length; row++)
        {
            for (var column = 0; column < columns.Length; column++)
            {
                var value = values[row, column] = Values[rows[row], columns[column]];
                largest = double.IsFinite(value) ? Math.Max(largest, Math.Abs(value)) : largest;
            }
        }

        yield return new HeatMap(Title, [.. rows.Select(row => Rows[row])], values, largest > 0 ? largest : 1)
        {
            Columns = [.. columns.Select(column => Columns[column])],
            Captions = Captions,
            Contrast = Contrast,
            Unit = Unit,
        }.Draw();
        if (Tree is { } tree)
        {
            yield return new DendrogramPlot(TreeTitle, tree) { Groups = Groups }.Draw();
        }
    }

    private int[] Order(IReadOnlyList<string> names)
    {
        var leaves = Tree?.Leaves.Select(leaf => Tree.Names[leaf]).ToList() ?? [];
        return
        [
            .. Enumerable
                .Range(0, names.Count)
                .OrderBy(name => leaves.IndexOf(names[name]) is >= 0 and var leaf ? leaf : leaves.Count),
        ];
    }

    private static double Size(XElement picture, string name) => (double)picture.Attribute(name)!;
}
