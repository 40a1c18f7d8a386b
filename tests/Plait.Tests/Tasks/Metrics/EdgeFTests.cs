using CsCheck;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Metrics;

namespace Plait.Tests.Tasks.Metrics;

public sealed class EdgeFTests
{
    [Fact]
    public void An_exact_output_is_perfect_however_thick_the_lines()
    {
        using var scope = torch.NewDisposeScope();
        var target = Drawing("......", "######", "######", "...##.", "...##.", "...##.");

        Assert.Equal((1, 1), Of(target.mul(20).sub(10), TaskTarget.Of(target)));
    }

    [Fact]
    public void A_line_one_pixel_off_is_found_and_one_two_pixels_off_is_not()
    {
        using var scope = torch.NewDisposeScope();
        var target = Drawing("......", "......", "######", "......", "......", "......");
        var near = Drawing("......", "######", "......", "......", "......", "......");
        var far = Drawing("######", "......", "......", "......", "......", "......");

        Assert.Equal((1, 1), Of(near.mul(20).sub(10), TaskTarget.Of(target)));
        Assert.Equal((0, 0), Of(far.mul(20).sub(10), TaskTarget.Of(target)));
        // A quarter of the diagonal is 2.1 pixels.
        Assert.Equal((1, 1), Of(far.mul(20).sub(10), TaskTarget.Of(target), tolerance: 0.25));
    }

    [Fact]
    public void Each_pixel_pairs_once()
    {
        using var scope = torch.NewDisposeScope();
        // Two lines beside one: six of twelve predicted pixels find a partner, 2 * 6 / (12 + 6).
        var target = Drawing("......", "######", "......");
        var output = Drawing("######", "......", "######");

        Assert.Equal(2.0 / 3, Of(output.mul(20).sub(10), TaskTarget.Of(target)).OfDataSet, 1e-12);
    }

    [Fact]
    public void One_threshold_serves_all_images_or_each_has_its_own()
    {
        using var scope = torch.NewDisposeScope();
        // The first image is exact above 0.5, the second below: at either, one has 6 false or 6 missing pixels.
        var line = Drawing("......", "######", "......", "......", "......");
        var wrong = Drawing("......", "......", "......", "......", "######");
        var first = line.mul(4).sub(2).add(wrong.mul(1.5));
        var second = line.mul(1.5).sub(2);
        var target = TaskTarget.Of(torch.cat([line, line]));

        var (ofDataSet, ofImages) = Of(torch.cat([first, second]), target);

        // Low: pairs 12 of 18 predicted and 12 to find; high: 6 of 6 and 12.
        Assert.Equal(24.0 / 30, ofDataSet, 1e-12);
        Assert.Equal(1, ofImages);
    }

    [Fact]
    public void Missing_pixels_are_edges_on_neither_side()
    {
        using var scope = torch.NewDisposeScope();
        var target = Drawing("......", "######", "......", "......");
        var output = Drawing("......", "###...", "......", "######");
        var mask = Drawing("######", "###...", "######", "......");
        var missing = TaskTarget.FromRaw(target, mask);

        Assert.Equal((1, 1), Of(output.mul(20).sub(10), missing));
        Assert.Equal((1, 1), Of(output.mul(20).sub(10).masked_fill(mask.eq(0), double.NaN), missing));
        Assert.Equal(double.NaN, Of(output.fill_(double.NaN), missing).OfDataSet);
    }

    [Fact]
    public void Images_without_edges_add_false_alarms_only()
    {
        using var scope = torch.NewDisposeScope();
        var line = Drawing("......", "######", "......", "......", "......");
        var empty = line.mul(0);
        var output = torch.cat([line, Drawing("......", "......", "......", "######", "......")]).mul(4).sub(2);

        var (ofDataSet, ofImages) = Of(output, TaskTarget.Of(torch.cat([line, empty])));

        Assert.Equal(12.0 / 18, ofDataSet, 1e-12);
        // The empty image is best off with the threshold above all of its pixels.
        Assert.Equal(1, ofImages);
        Assert.Equal(double.NaN, Of(output, TaskTarget.Of(torch.cat([empty, empty]))).OfImages);
    }

    [Fact]
    public void Counting_gives_what_the_definition_gives() =>
        Gen.Int[0, int.MaxValue]
            .Sample(
                seed =>
                {
                    using var scope = torch.NewDisposeScope();
                    var random = new Random(seed);
                    var (height, width) = (random.Next(1, 12), random.Next(1, 12));
                    var tolerance = random.Next(3) * 0.15;
                    var images = Enumerable
                        .Range(0, random.Next(1, 4))
                        .Select(_ =>
                            (Blobs(random, height, width), SlowEdges.Map(Blobs(random, height, width), p => p > 0.6))
                        )
                        .ToArray();
                    var output = torch.stack([
                        .. images.Select(image => Tensor(image.Item1, p => Math.Log(p / (1 - p)))),
                    ]);
                    var target = torch.stack([.. images.Select(image => Tensor(image.Item2, edge => edge ? 1 : 0))]);

                    var expected = SlowEdges.F(images, tolerance, thresholds: 9);

                    var actual = Of(output, TaskTarget.Of(target), tolerance, thresholds: 9);
                    Assert.Equal(expected.OfDataSet, actual.OfDataSet, 1e-12);
                    Assert.Equal(expected.OfImages, actual.OfImages, 1e-12);
                },
                iter: 150
            );

    [Fact]
    public void Other_shapes_and_options_are_refused()
    {
        using var scope = torch.NewDisposeScope();
        var two = TaskTarget.Of(torch.ones(2, 2, 4, 4));

        var error = Assert.Throws<ArgumentException>(() =>
            new EdgeF().Start(new Binary(Layout.Pixel)).Add(torch.ones(2, 2, 4, 4), two)
        );

        Assert.Contains("[2, 2, 4, 4]", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new EdgeF(tolerance: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EdgeF(thresholds: 0));
    }

    /// <summary>Smooth random probabilities, so that there are regions, lines and corners at every threshold.</summary>
    internal static double[,] Blobs(Random random, int height, int width)
    {
        var map = new double[height, width];
        var (a, b, c) = (random.NextDouble() * 6, random.NextDouble() * 6, random.NextDouble() * 6);
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++)
            {
                var wave =
                    Math.Sin(a + (row * 0.9)) * Math.Sin(b + (column * 1.1)) * Math.Sin(c + (row * column * 0.1));
                map[row, column] = Math.Clamp(0.5 + (0.4 * wave) + (0.2 * (random.NextDouble() - 0.5)), 0.01, 0.99);
            }
        }

        return map;
    }

    private static (double OfDataSet, double OfImages) Of(
        Tensor output,
        TaskTarget target,
        double tolerance = 0.0075,
        int thresholds = 99
    )
    {
        var ofDataSet = new EdgeF(EdgeThreshold.DataSet, tolerance, thresholds).Start(new Binary(Layout.Pixel));
        var ofImages = new EdgeF(EdgeThreshold.Image, tolerance, thresholds).Start(new Binary(Layout.Pixel));
        ofDataSet.Add(output, target);
        ofImages.Add(output, target);
        return (ofDataSet.Compute(), ofImages.Compute());
    }

    private static Tensor Tensor<T>(T[,] map, Func<T, double> value) =>
        torch.tensor(map.Cast<T>().Select(value).ToArray()).view(1, map.GetLength(0), map.GetLength(1));

    /// <summary>One image, [1, 1, rows, columns], 1 at each '#'.</summary>
    private static Tensor Drawing(params string[] rows) =>
        torch
            .tensor(rows.SelectMany(row => row.Select(mark => mark == '#' ? 1.0 : 0)).ToArray())
            .view(1, 1, rows.Length, rows[0].Length);
}
