using Plait.Benchmarks.Scenes;
using Plait.Tasks;

namespace Plait.Benchmarks.Tests.Scenes;

[Collection("torch")]
public sealed class RenderedScenesTests : IDisposable
{
    private const int Rows = 24;

    private static readonly Benchmark Benchmark = BenchmarkCatalog.Get("scenes");

    private readonly FolderOfFiles folder = new();

    private BenchmarkOptions Options => folder.Options with { Rows = Rows };

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_standard_split_divides_scenes_by_seed_in_proportion_and_keeps_them_in_the_given_folder()
    {
        using var data = Benchmark.Load(Options);

        Assert.Equal([3L, 64, 64], data.InputSpec.Shape);
        Assert.Equal([16L, 2, 6], new[] { data.Train.Rows, data.Validation.Rows, data.Test.Rows });
        Assert.Single(Directory.GetFiles(folder.Path));
        foreach (var split in Benchmark.SplitNames)
        {
            var rows = RenderedScenes.Divide(1200, new() { Split = split, Seed = 2 });
            Assert.Equal(rows.Sum(part => part.Length), rows.SelectMany(part => part).Distinct().Count());
            Assert.NotEqual(rows[0], RenderedScenes.Divide(1200, new() { Split = split, Seed = 3 })[0]);
        }
    }

    [Theory]
    [InlineData("standard", new[] { 800, 100, 300 }, new long[] { 0, 1, 2, 3 }, new long[] { 0, 1, 2, 3 })]
    [InlineData("day-to-dusk", new[] { 533, 67, 600 }, new long[] { 0, 1 }, new long[] { 2, 3 })]
    [InlineData("rooms", new[] { 400, 50, 150 }, new long[] { 0, 2 }, new long[] { 0, 2 })]
    [InlineData("streets", new[] { 400, 50, 150 }, new long[] { 1, 3 }, new long[] { 1, 3 })]
    public void A_split_takes_the_worlds_and_domains_that_it_says(string split, int[] sizes, long[] train, long[] test)
    {
        var rows = RenderedScenes.Divide(1200, new() { Split = split, Seed = 1 });

        Assert.Equal(sizes, rows.Select(part => part.Length));
        Assert.All(
            new[] { rows[0], rows[1] },
            part => Assert.Equal(train, part.Select(scene => scene % 4).Distinct().Order())
        );
        Assert.Equal(test, rows[2].Select(scene => scene % 4).Distinct().Order());
    }

    [Fact]
    public void Images_are_standardised_by_the_training_part_and_targets_fit_their_tasks()
    {
        using var data = Benchmark.Load(Options);

        using var scope = torch.NewDisposeScope();
        for (var channel = 0; channel < 3; channel++)
        {
            var values = data.Train.Input.select(1, channel);
            Assert.Equal(0, values.mean().item<float>(), 1e-3);
            Assert.Equal(1, values.std().item<float>(), 1e-3);
        }

        for (var task = 0; task < data.Tasks.Count; task++)
        {
            var target = data.Test.TargetOf(task);
            var channels = data.Tasks[task].Output.Channels;
            using var noise = torch.randn([data.Test.Rows, channels, 64, 64]);
            var loss = data.Tasks[task].Loss.Compute(noise, target).item<float>();
            Assert.True(float.IsFinite(loss) && loss > 0, $"{data.Tasks[task]}: {loss}");
        }
    }

    [Fact]
    public void Sky_is_missing_in_depth_and_normals_and_nothing_else_is()
    {
        using var data = Benchmark.Load(Options);
        using var scope = torch.NewDisposeScope();
        var sky = Target("segmentation").Values.eq(0);

        var depth = Target("depth");
        Assert.True(sky.logical_not().eq(depth.Present!.squeeze(1)).all().item<bool>());
        Assert.InRange(depth.Values.max().item<float>(), 2, 5); // units of 10 metres
        Assert.InRange(depth.Values.mean().item<float>(), 0.2, 1);
        var normals = Target("normals");
        Assert.True(sky.logical_not().unsqueeze(1).eq(normals.Present!).all().item<bool>());
        var length = normals.Values.square().sum(dim: 1L).sqrt();
        Assert.True(length.sub(sky.logical_not().to(ScalarType.Float32)).abs().max().item<float>() < 1e-5);
        Assert.All(
            new[] { "segmentation", "parts", "edges", "saliency", "boundaries" },
            name => Assert.Null(Target(name).Present)
        );

        TaskTarget Target(string name) => data.Train.TargetOf(data.Tasks.IndexOf(name));
    }

    [Fact]
    public void Names_of_classes_and_parts_are_as_many_as_their_outputs()
    {
        Assert.Equal(Benchmark.Tasks["segmentation"].Output, OutputShape.Dense(RenderedScenes.ClassNames.Count));
        Assert.Equal(Benchmark.Tasks["parts"].Output, OutputShape.Dense(RenderedScenes.PartNames.Count));
        Assert.Equal("sky", RenderedScenes.ClassNames[0]);
        Assert.Equal("background", RenderedScenes.PartNames[0]);
    }

    [Fact]
    public void Loading_leaves_only_the_parts_and_they_leave_nothing()
    {
        Benchmark.Load(Options).Dispose();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;

        using (Benchmark.Load(Options))
        {
            Assert.Equal(before + (3 * (1 + 7 + 2)), Tensor.TotalCount);
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void A_folder_that_is_not_there_and_too_few_rows_are_named()
    {
        var missing = Path.Combine(folder.Path, "missing");
        var nowhere = Assert.Throws<DirectoryNotFoundException>(() =>
            Benchmark.Load(Options with { DataDirectory = missing })
        );
        Assert.Contains(missing, nowhere.Message, StringComparison.Ordinal);

        var few = Assert.Throws<ArgumentException>(() => Benchmark.Load(Options with { Rows = 2 }));
        Assert.Contains("2 rows are too few", few.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Benchmark.Load(Options with { Rows = 0 }));
    }
}
