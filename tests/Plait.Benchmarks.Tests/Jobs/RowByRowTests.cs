using Plait.Jobs;

namespace Plait.Benchmarks.Tests.Jobs;

[Collection("torch")]
public sealed class RowByRowTests : IDisposable
{
    private readonly SmallScenes scenes = new();

    public static TheoryData<string, TrainingJob> Jobs
    {
        get
        {
            using var scenes = new SmallScenes();
            var job = scenes.Job;
            return new()
            {
                { "all tasks", job },
                { "one task, some rows without a target", job with { Tasks = ["depth"] } },
                { "fewer rows", job with { Tasks = ["segmentation", "depth"], TrainingRows = 6 } },
                { "augmented", job with { Augmentation = "scale-and-flip:colour=0.3" } },
            };
        }
    }

    public void Dispose() => scenes.Dispose();

    [Theory]
    [MemberData(nameof(Jobs))]
    public void A_training_that_reads_row_by_row_is_that_in_memory_bit_for_bit(string name, TrainingJob job)
    {
        using var memory = new FolderOfFiles();
        using var files = new FolderOfFiles();
        var kept = job with { KeepsNetwork = true, KeepsAnswers = 2 };

        var one = Run(scenes.In(kept, rowByRow: false), memory.Path);
        var other = Run(scenes.In(kept, rowByRow: true), files.Path);

        Assert.Equal(one.Losses, other.Losses);
        Assert.Equal(one.ValidationLosses, other.ValidationLosses);
        Assert.Equal(one.Metrics.SelectMany(task => task.Value), other.Metrics.SelectMany(task => task.Value));
        Assert.All(
            ["network.bin", "answers.safetensors"],
            file =>
                Assert.Equal(
                    File.ReadAllBytes(Path.Combine(memory.Path, file)),
                    File.ReadAllBytes(Path.Combine(files.Path, file))
                )
        );
        Assert.True(double.IsFinite(one.Losses.Values.Sum()), name);
    }

    [Fact]
    public void What_does_not_fit_in_a_processes_share_of_memory_stays_in_its_files()
    {
        using var fits = scenes.In(scenes.Job, rowByRow: false).Data.Load(0);
        using var shared = scenes.In(scenes.Job, rowByRow: false).Data.Load(0, processes: int.MaxValue);
        using var asked = scenes.In(scenes.Job, rowByRow: true).Data.Load(0);

        Assert.IsType<DataParts>(fits);
        Assert.IsType<StoredParts>(shared);
        Assert.IsType<StoredParts>(asked);
        Assert.Equal(fits.InputSpec.Shape, asked.InputSpec.Shape);
    }

    [Fact]
    public void What_looks_at_all_rows_at_once_is_refused_before_the_training()
    {
        using var runner = new JobRunner();
        var job = scenes.In(scenes.Job with { Tasks = ["depth"] }, rowByRow: true);

        Assert.All(
            [job with { KeepsRowLosses = true }, job with { Sources = ["/no/such"] }],
            one =>
                Assert.Contains(
                    "Row losses and features of kept networks take data in memory",
                    Assert.Throws<NotSupportedException>(() => runner.Run(one)).Message,
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public void A_benchmark_that_is_always_in_memory_says_so()
    {
        var source = new BenchmarkSource { Benchmark = "parkinsons", RowByRow = true };

        var error = Assert.Throws<NotSupportedException>(() => source.Load(0));

        Assert.Contains("'parkinsons' is always read into memory; only data sets of single files", error.Message);
    }

    private static JobResult Run(TrainingJob job, string folder)
    {
        using var runner = new JobRunner();
        return runner.Run(job, folder).Result;
    }
}
