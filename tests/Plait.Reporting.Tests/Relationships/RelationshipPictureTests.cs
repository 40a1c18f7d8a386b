using System.Globalization;
using System.Xml.Linq;
using Plait.Relationships;
using Plait.Reporting.Plots;
using Plait.Reporting.Relationships;

namespace Plait.Reporting.Tests.Relationships;

public class RelationshipPictureTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(22)]
    [InlineData(40)]
    public void Every_task_is_a_row_a_column_and_a_leaf_inside_the_picture(int count)
    {
        var picture = Picture(count).Draw();
        var (width, height) = (Number(picture, "width"), Number(picture, "height"));
        var texts = picture.Descendants("text").ToArray();

        for (var task = 0; task < count; task++)
        {
            Assert.Equal(3, texts.Count(text => text.Value == $"task {task}"));
        }

        Assert.All(
            picture.Descendants("rect").Concat(texts).Where(element => element.Attribute("x") is not null),
            element =>
            {
                var shift = element.Ancestors("g").Sum(Shift);
                Assert.InRange(Number(element, "x"), 0, width);
                Assert.InRange(Number(element, "y") + shift, 0, height);
            }
        );
    }

    [Fact]
    public void Rows_of_the_matrix_and_leaves_of_the_tree_keep_their_distance()
    {
        var picture = Picture(40).Draw();
        foreach (var css in new[] { "tick end", "label end" })
        {
            var lines = picture
                .Descendants("text")
                .Where(text => (string?)text.Attribute("class") == css && text.Attribute("transform") is null)
                .Select(text => Number(text, "y"))
                .Order()
                .ToArray();
            Assert.Equal(40, lines.Length);
            Assert.All(lines.Zip(lines.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 14));
        }
    }

    [Fact]
    public void Rows_and_columns_follow_the_tree_and_others_stand_behind()
    {
        var tree = Dendrogram.Of(
            ["a", "b", "c"],
            new[,]
            {
                { 0.0, 9, 1 },
                { 9, 0, 9 },
                { 1, 9, 0 },
            }
        );
        var picture = new RelationshipPicture
        {
            Title = "Affinities",
            Rows = ["a", "b", "c"],
            Columns = ["extra", "b", "a", "c"],
            Values = new[,]
            {
                { 0.1, 0.2, 0.3, 0.4 },
                { 0.5, 0.6, 0.7, 0.8 },
                { 0.9, 1.0, 1.1, double.NaN },
            },
            Tree = tree,
        }.Draw();
        var tips = picture.Descendants("title").Select(title => title.Value).Where(tip => tip.Contains(", ")).ToArray();

        Assert.Equal(
            [
                "a, a: 0.300",
                "a, c: 0.400",
                "a, b: 0.200",
                "a, extra: 0.100",
                "c, a: 1.100",
                "c, b: 1.000",
                "c, extra: 0.900",
                "b, a: 0.700",
                "b, c: 0.800",
                "b, b: 0.600",
                "b, extra: 0.500",
            ],
            tips.Take(11)
        );
    }

    [Fact]
    public void Signs_have_colours_and_the_largest_value_the_fullest()
    {
        var picture = new RelationshipPicture
        {
            Title = "Affinities",
            Rows = ["a", "b"],
            Columns = ["a", "b"],
            Values = new[,]
            {
                { double.NaN, -2.0 },
                { 0.5, 0 },
            },
            Contrast = 0.5,
        }.Draw();
        var cells = picture
            .Descendants("rect")
            .Where(rect => rect.Attribute("fill-opacity") is not null)
            .Select(rect => ((string)rect.Attribute("class")!, (string)rect.Attribute("fill-opacity")!));

        Assert.Equal([("negative", "0.7"), ("positive", "0.35"), ("positive", "0")], cells);
    }

    [Fact]
    public void Merges_lie_at_their_heights_and_groups_have_colours()
    {
        var tree = Dendrogram.Of(
            ["a", "b", "c", "d"],
            new[,]
            {
                { 0.0, 1, 8, 8 },
                { 1, 0, 8, 8 },
                { 8, 8, 0, 2 },
                { 8, 8, 2, 0 },
            }
        );

        var plot = new DendrogramPlot("Tree", tree) { Groups = 2 }.Draw();
        var merges = plot.Elements("g")
            .Where(g => ((string)g.Attribute("class")!).EndsWith(" line", StringComparison.Ordinal))
            .ToArray();
        var ends = merges.Select(merge => Points(merge.Element("path")!)).ToArray();

        Assert.Equal(["c1 line", "c2 line", "c0 line"], merges.Select(merge => (string)merge.Attribute("class")!));
        Assert.Equal("1: a, b", merges[0].Element("title")!.Value);
        var start = ends[0][0].X;
        var unit = ends[0][1].X - start;
        Assert.Equal(2 * unit, ends[1][1].X - start, 0.3);
        Assert.Equal(8 * unit, ends[2][1].X - start, 0.5);
        // The last merge leaves from the middles of the first two.
        Assert.Equal(ends[0][1].X, ends[2][0].X, 0.11);
        Assert.Equal((ends[0][1].Y + ends[0][2].Y) / 2, ends[2][0].Y, 0.11);
        Assert.Equal((ends[1][1].Y + ends[1][2].Y) / 2, ends[2][3].Y, 0.11);
    }

    [Fact]
    public void Things_that_are_all_alike_and_a_thing_alone_are_drawn()
    {
        Assert.NotNull(new DendrogramPlot("Tree", Dendrogram.Of(["a", "b"], new double[2, 2])).Draw());
        Assert.Empty(new DendrogramPlot("Tree", Dendrogram.Of(["a"], new double[1, 1])).Draw().Descendants("path"));
    }

    [Fact]
    public void Names_from_outside_stay_text()
    {
        var picture = new RelationshipPicture
        {
            Title = "<script>&",
            Rows = ["<b>\u0001"],
            Columns = ["\"x\""],
            Values = new[,]
            {
                { 1.0 },
            },
        };

        foreach (var text in new[] { picture.Svg(), picture.Page("<i>") })
        {
            var names = XDocument.Parse(text).Descendants().Select(element => element.Name.LocalName).ToArray();
            Assert.DoesNotContain("b", names);
            Assert.DoesNotContain("i", names);
            Assert.Contains("&lt;b&gt;\uFFFD", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused() =>
        Assert.Throws<ArgumentException>(() =>
            new RelationshipPicture
            {
                Title = "",
                Rows = ["a"],
                Columns = ["a"],
                Values = new double[1, 2],
            }.Svg()
        );

    private static RelationshipPicture Picture(int count)
    {
        var random = new Random(count);
        var names = Enumerable.Range(0, count).Select(task => $"task {task}").ToArray();
        var (values, distances) = (new double[count, count], new double[count, count]);
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                values[i, j] = random.NextDouble();
                distances[Math.Max(i, j), Math.Min(i, j)] = distances[Math.Min(i, j), Math.Max(i, j)] = values[i, j];
            }
        }

        return new()
        {
            Title = "Affinities",
            Rows = names,
            Columns = names,
            Values = values,
            Tree = Dendrogram.Of(names, distances),
            Groups = 3,
        };
    }

    private static double Number(XElement element, string name) =>
        double.Parse((string)element.Attribute(name)!, CultureInfo.InvariantCulture);

    private static double Shift(XElement group) =>
        (string?)group.Attribute("transform") is { } move && move.StartsWith("translate", StringComparison.Ordinal)
            ? double.Parse(move.Split(' ', ')')[1], CultureInfo.InvariantCulture)
            : 0;

    private static (double X, double Y)[] Points(XElement path) =>
        [
            .. ((string)path.Attribute("d")!)[1..]
                .Split('L')
                .Select(point =>
                    point.Split(' ').Select(part => double.Parse(part, CultureInfo.InvariantCulture)).ToArray()
                )
                .Select(pair => (pair[0], pair[1])),
        ];
}
