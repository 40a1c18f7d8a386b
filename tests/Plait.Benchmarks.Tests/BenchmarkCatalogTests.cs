using Plait.Benchmarks.Scenes;
using Plait.Benchmarks.Tables;

namespace Plait.Benchmarks.Tests;

[Collection("torch")]
public sealed class BenchmarkCatalogTests
{
    public static TheoryData<string> Trainable =>
        [.. Embedded.Where(benchmark => benchmark.IsTrainable).Select(benchmark => benchmark.Name)];

    /// <summary>Those that the library carries files of; scenes are rendered.</summary>
    private static IEnumerable<Benchmark> Embedded =>
        BenchmarkCatalog.All.Where(benchmark => benchmark.IsEmbedded && benchmark is not RenderedScenes);

    [Fact]
    public void Every_embedded_benchmark_carries_its_files_with_licence_and_citation()
    {
        var resources = typeof(Benchmark).Assembly.GetManifestResourceNames();

        Assert.All(
            Embedded,
            benchmark =>
            {
                var folder = benchmark is AdultWork ? "adult" : benchmark.Name;
                Assert.Contains($"{folder}/SOURCE.md", resources);
                Assert.Contains(
                    resources,
                    name =>
                        name.StartsWith($"{folder}/", StringComparison.Ordinal)
                        && name.EndsWith(".gz", StringComparison.Ordinal)
                );
                Assert.All(
                    new[] { benchmark.Title, benchmark.Summary, benchmark.Licence, benchmark.Citation },
                    text => Assert.NotEmpty(text)
                );
                Assert.Same(benchmark, BenchmarkCatalog.Get(benchmark.Name));
            }
        );
        Assert.InRange(
            resources.Sum(name => typeof(Benchmark).Assembly.GetManifestResourceStream(name)!.Length),
            1,
            8 << 20
        );
    }

    [Fact]
    public void The_catalogue_finds_every_make_once() =>
        Assert.Equal(26, BenchmarkCatalog.All.Select(benchmark => benchmark.Name).Distinct().Count());

    [Fact]
    public void An_unknown_name_is_answered_with_the_known_ones()
    {
        var error = Assert.Throws<ArgumentException>(() => BenchmarkCatalog.Get("imagenet"));

        Assert.Contains("'imagenet'", error.Message, StringComparison.Ordinal);
        Assert.All(
            BenchmarkCatalog.All,
            benchmark => Assert.Contains(benchmark.Name, error.Message, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void The_default_loads_in_less_than_half_a_second_of_work()
    {
        BenchmarkCatalog.Default.Load().Dispose();
        var quickest = Enumerable
            .Range(0, 5)
            .Min(_ =>
            {
                var before = Environment.CpuUsage.TotalTime;
                BenchmarkCatalog.Default.Load().Dispose();
                return Environment.CpuUsage.TotalTime - before;
            });

        Assert.InRange(quickest, TimeSpan.Zero, TimeSpan.FromSeconds(0.5));
    }

    [Theory]
    [MemberData(nameof(Trainable))]
    public void Loading_leaves_only_the_parts_and_they_leave_nothing(string name)
    {
        BenchmarkCatalog.Get(name).Load().Dispose();
        var before = CountTensors();

        using (var data = BenchmarkCatalog.Get(name).Load())
        {
            var handles = new[] { data.Train, data.Validation, data.Test }.Sum(part =>
                part.Streams.Count
                + Enumerable.Range(0, part.Tasks.Count).Sum(task => part.TargetOf(task).Present is null ? 1 : 2)
            );
            Assert.Equal(before + handles, Tensor.TotalCount);
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [MemberData(nameof(Trainable))]
    public void A_training_part_gives_batches_of_the_shape_that_is_announced(string name)
    {
        using var data = BenchmarkCatalog.Get(name).Load(new() { Seed = 1 });
        using var source = data.Train.Batches(BenchmarkCatalog.Get(name).Defaults.BatchSize, shuffleSeed: 1);
        using var batch = source.Read(source.Tasks.All, new long[source.Tasks.Count]);

        var largest = BenchmarkCatalog.Get(name) is AdultWork ? 99 : 10; // hours of a week; else standard numbers
        for (var task = 0; task < source.Tasks.Count; task++)
        {
            var input = batch.InputOf(task);
            Assert.Equal(data.InputSpec.Shape, input.shape[1..]);
            Assert.True(input.isfinite().all().item<bool>());
            var target = batch.TargetOf(task).Values;
            Assert.InRange(
                target.max().to(ScalarType.Float64).item<double>(),
                -10,
                Math.Max(largest, source.Tasks[task].Output.Channels - 1)
            );
        }
    }

    [Theory]
    [MemberData(nameof(Trainable))]
    public void A_folder_without_the_files_and_no_folder_are_named(string name)
    {
        using var folder = new FolderOfFiles();

        var file = Assert.Throws<FileNotFoundException>(() => BenchmarkCatalog.Get(name).Load(folder.Options));
        Assert.Contains(folder.Path, file.Message, StringComparison.Ordinal);
        Assert.Contains(".gz' nor '", file.Message, StringComparison.Ordinal);
        var none = Assert.Throws<DirectoryNotFoundException>(() =>
            BenchmarkCatalog.Get(name).Load(new() { DataDirectory = folder.Path + "-not" })
        );
        Assert.Contains(folder.Path + "-not", none.Message, StringComparison.Ordinal);
    }

    /// <summary>The tensors that are alive, without those that only wait for the garbage collector.</summary>
    private static long CountTensors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }
}
