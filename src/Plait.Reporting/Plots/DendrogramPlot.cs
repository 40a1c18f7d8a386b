using System.Globalization;
using System.Xml.Linq;
using Plait.Relationships;

namespace Plait.Reporting.Plots;

/// <summary>A tree of things: leaves at the left, one below the other, and each merge as far to the right as its groups were apart.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Tree">The merges.</param>
internal sealed record DendrogramPlot(string Title, Dendrogram Tree)
{
    private const double Top = 30;
    private const double RowHeight = 18;
    private const double AxisRoom = 40;
    private const double LongestLabel = 224;
    private const int MostNamed = 8;

    /// <summary>How many groups to tell apart by colour; merges between them are grey.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>What the axis says.</summary>
    public string Axis { get; init; } = "distance at which groups join";

    /// <summary>The picture's width, in pixels.</summary>
    public double Width { get; init; } = 560;

    /// <summary>The plot as inline SVG.</summary>
    public XElement Draw()
    {
        var count = Tree.Names.Count;
        var left = Math.Min(LongestLabel, Tree.Names.Max(Svg.WidthOf)) + 12;
        var highest = count > 1 ? Tree.Merges[^1].Height : 0;
        var x = new Axis(0, highest > 0 ? highest : 1, left, Width - 12);
        var bottom = Top + (count * RowHeight);
        var groups = Tree.Cut(Math.Clamp(Groups, 1, count));
        return Svg.Picture(
            Width,
            bottom + AxisRoom,
            $"{Title}: a tree of {count} tasks",
            Svg.Text("title", 4, 14, Svg.Fit(Title, Width)),
            Grid(x, bottom),
            Svg.Text("tick middle", (x.Start + x.End) / 2, bottom + 32, Svg.Fit(Axis, x.End - x.Start)),
            Tree.Leaves.Select(
                (leaf, row) =>
                    Svg.Text(
                        "label end",
                        left - 6,
                        Top + ((row + 0.5) * RowHeight) + 4,
                        Svg.Fit(Tree.Names[leaf], left - 6)
                    )
            ),
            Merges(x, groups)
        );
    }

    private static IEnumerable<XElement> Grid(Axis x, double bottom)
    {
        var ticks = Ticks.Of(x.Low, x.High, 6);
        foreach (var value in ticks.Values)
        {
            yield return Svg.Line("grid", x.At(value), Top, x.At(value), bottom);
            yield return Svg.Text("tick middle", x.At(value), bottom + 14, ticks.Label(value));
        }
    }

    private IEnumerable<XElement> Merges(Axis x, int[] groups)
    {
        var count = Tree.Names.Count;
        var places = new (double X, double Y)[count + Tree.Merges.Count];
        for (var row = 0; row < count; row++)
        {
            places[Tree.Leaves[row]] = (x.At(0), Top + ((row + 0.5) * RowHeight));
        }

        for (var i = 0; i < Tree.Merges.Count; i++)
        {
            var merge = Tree.Merges[i];
            var (first, second, at) = (places[merge.First], places[merge.Second], x.At(merge.Height));
            places[count + i] = (at, (first.Y + second.Y) / 2);
            var members = Tree.Members(count + i);
            // The first merges make the groups; each is of one colour.
            var colour = i < count - Math.Clamp(Groups, 1, count) && Groups > 1 ? groups[members[0]] + 1 : 0;
            yield return new XElement(
                "g",
                new XAttribute("class", $"{Svg.Colour(colour)} line"),
                Svg.Tooltip(string.Create(CultureInfo.InvariantCulture, $"{merge.Height:0.###}: {Named(members)}")),
                Svg.Path("stroke", [first, (at, first.Y), (at, second.Y), second])
            );
        }
    }

    private string Named(IReadOnlyList<int> members) =>
        string.Join(", ", members.Take(MostNamed).Select(member => Tree.Names[member]))
        + (members.Count > MostNamed ? $" and {members.Count - MostNamed} more" : "");
}
