using CsCheck;
using Plait.Tasks.Metrics;

namespace Plait.Tests.Tasks.Metrics;

public sealed class EdgeMapTests
{
    private static readonly Gen<bool[,]> Maps = Gen.Select(
        Gen.Int[1, 40],
        // Across the borders of words of 64 pixels.
        Gen.OneOf(Gen.Int[1, 20], Gen.Int[62, 66], Gen.Int[126, 131]),
        Gen.Double[0.3, 0.7],
        Gen.Int[0, int.MaxValue],
        (height, width, threshold, seed) =>
            SlowEdges.Map(EdgeFTests.Blobs(new Random(seed), height, width), p => p > threshold)
    );

    [Fact]
    public void Thick_lines_become_thin_ones_and_thin_ones_stay()
    {
        Assert.Equal(
            [".......", ".......", "..###..", ".......", "......."],
            Thinned(".......", ".#####.", ".#####.", ".#####.", ".......")
        );
        string[] cross = ["...#...", "...#...", "#######", "...#...", "...#..."];
        Assert.Equal(cross, Thinned(cross));
        Assert.Equal(["#....", ".#...", "..#..", "...##"], Thinned("#....", ".#...", "..#..", "...##"));
    }

    [Fact]
    public void Bits_thin_as_pixels_do() =>
        Maps.Sample(
            map =>
            {
                var thin = Of(map);
                thin.Thin();

                Assert.Equal(SlowEdges.Pixels(SlowEdges.Thin(map)), Pixels(thin));
                Assert.Equal(Pixels(thin).Count, thin.Count);
            },
            iter: 100
        );

    [Fact]
    public void Thinning_keeps_what_is_connected_and_does_nothing_twice() =>
        Maps.Sample(
            map =>
            {
                var thin = Of(map);
                thin.Thin();
                var once = Pixels(thin);
                thin.Thin();

                Assert.Equal(once, Pixels(thin));
                Assert.Equal(Pieces(SlowEdges.Pixels(map)), Pieces(once));
                Assert.True(once.TrueForAll(pixel => map[pixel.Row, pixel.Column]));
            },
            iter: 100
        );

    [Fact]
    public void Pairs_are_as_many_as_can_be() =>
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[0, 4].Select(place => new[] { 0, 1, 1.5, 2.3, 5 }[place]))
            .Sample(
                (seed, distance) =>
                {
                    var random = new Random(seed);
                    var (height, width) = (random.Next(1, 9), random.Next(1, 80));
                    var share = 0.05 + (random.NextDouble() * 0.5);
                    var output = SlowEdges.Map(new int[height, width], _ => random.NextDouble() < share);
                    var target = SlowEdges.Map(new int[height, width], _ => random.NextDouble() < 0.3);
                    var matching = new EdgeMatching(Of(target), distance);

                    // Twice, with another output between, as the target is paired with many.
                    Assert.Equal(SlowEdges.Pairs(output, target, distance), matching.Pair(Of(output)));
                    Assert.Equal(SlowEdges.Pixels(target).Count, matching.Pair(Of(target)));
                    Assert.Equal(SlowEdges.Pairs(output, target, distance), matching.Pair(Of(output)));
                },
                iter: 150
            );

    private static string[] Thinned(params string[] rows)
    {
        var map = new EdgeMap(rows.Length, rows[0].Length);
        for (var i = 0; i < rows.Length * rows[0].Length; i++)
        {
            if (rows[i / rows[0].Length][i % rows[0].Length] == '#')
            {
                map.Mark(i);
            }
        }

        map.Thin();
        var pixels = Pixels(map);
        return
        [
            .. Enumerable
                .Range(0, rows.Length)
                .Select(row =>
                    string.Concat(
                        Enumerable.Range(0, rows[0].Length).Select(column => pixels.Contains((row, column)) ? '#' : '.')
                    )
                ),
        ];
    }

    private static EdgeMap Of(bool[,] map)
    {
        var edges = new EdgeMap(map.GetLength(0), map.GetLength(1));
        foreach (var (row, column) in SlowEdges.Pixels(map))
        {
            edges.Mark((row * map.GetLength(1)) + column);
        }

        return edges;
    }

    private static List<(int Row, int Column)> Pixels(EdgeMap map)
    {
        List<int> pixels = [];
        map.List(pixels, map.Width);
        return [.. pixels.Select(pixel => (pixel / map.Width, pixel % map.Width))];
    }

    /// <summary>How many pieces there are that hang together by sides or corners.</summary>
    private static int Pieces(List<(int Row, int Column)> pixels)
    {
        var left = pixels.ToHashSet();
        var pieces = 0;
        while (left.Count > 0)
        {
            pieces++;
            Stack<(int Row, int Column)> open = new([left.First()]);
            while (open.TryPop(out var pixel))
            {
                if (left.Remove(pixel))
                {
                    for (var step = 0; step < 9; step++)
                    {
                        open.Push((pixel.Row + (step / 3) - 1, pixel.Column + (step % 3) - 1));
                    }
                }
            }
        }

        return pieces;
    }
}
