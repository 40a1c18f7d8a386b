using Plait.Jobs;
using Plait.Training;

namespace Plait.Benchmarks.Tests.Jobs;

[Collection("torch")]
public sealed class AugmentedJobTests : IDisposable
{
    private readonly SmallScenes scenes = new();

    public void Dispose() => scenes.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_training_that_is_broken_off_and_gone_on_with_is_the_unbroken_one_bit_for_bit(bool rowByRow)
    {
        using var whole = new FolderOfFiles();
        using var broken = new FolderOfFiles();
        var job = scenes.In(Augmented(), rowByRow);

        var unbroken = Run(job, whole.Path);
        using (var stop = new CancellationTokenSource())
        {
            Assert.Throws<OperationCanceledException>(() => Run(job, broken.Path, stop));
        }

        Assert.False(File.Exists(Path.Combine(broken.Path, "network.bin")));
        var resumed = Run(job, broken.Path);

        Assert.Equal(unbroken.Losses, resumed.Losses);
        Assert.Equal(Network(whole), Network(broken));
    }

    [Fact]
    public void The_seed_decides_it_and_it_makes_a_difference_to_what_is_learned_alone()
    {
        using var first = new FolderOfFiles();
        using var again = new FolderOfFiles();
        using var plain = new FolderOfFiles();

        Run(scenes.In(Augmented(), rowByRow: false), first.Path);
        Run(scenes.In(Augmented(), rowByRow: false), again.Path);
        Run(scenes.In(Augmented() with { Augmentation = null }, rowByRow: false), plain.Path);

        Assert.Equal(Network(first), Network(again));
        Assert.NotEqual(Network(first), Network(plain));
        var (seen, untouched) = (SavedAnswers.Load(first.Path)!, SavedAnswers.Load(plain.Path)!);
        Assert.Equal(untouched.Input.Numbers, seen.Input.Numbers);
        Assert.Equal(
            untouched.Tasks.Select(task => task.Target.Numbers),
            seen.Tasks.Select(task => task.Target.Numbers)
        );
    }

    [Theory]
    [InlineData("parkinsons")]
    [InlineData("tox21")]
    [InlineData("fashion-pairs")]
    public void Data_whose_targets_cannot_follow_is_refused_by_name(string benchmark)
    {
        var job = Augmented() with { Data = new BenchmarkSource { Benchmark = benchmark } };
        using var data = job.Data.Load(0);

        var error = Assert.Throws<NotSupportedException>(() => job.Check(data));

        Assert.Contains($"'{benchmark}' cannot be augmented", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_job_with_an_augmentation_survives_as_text()
    {
        var job = scenes.In(Augmented(), rowByRow: true);

        var read = TrainingJob.FromJson(job.ToJson());

        Assert.Equal(job.Augmentation, read.Augmentation);
        Assert.Equal(job.ToJson(), read.ToJson());
        Assert.DoesNotContain("geometry", job.ToJson(), StringComparison.OrdinalIgnoreCase);
    }

    private TrainingJob Augmented() =>
        scenes.Job with
        {
            Augmentation = "scale-and-flip:colour=0.2",
            KeepsNetwork = true,
            KeepsAnswers = 2,
        };

    private static byte[] Network(FolderOfFiles folder) => File.ReadAllBytes(Path.Combine(folder.Path, "network.bin"));

    private static JobResult Run(TrainingJob job, string folder, CancellationTokenSource? stopAfterAnEpoch = null)
    {
        using var runner = new JobRunner();
        return runner
            .Run(
                job,
                folder,
                stopAfterAnEpoch is null ? null : _ => new Stop(stopAfterAnEpoch),
                stopAfterAnEpoch?.Token ?? default
            )
            .Result;
    }

    private sealed class Stop(CancellationTokenSource source) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Finished is not null)
            {
                source.Cancel();
            }
        }
    }
}
