using Plait.Benchmarks.Comparison;
using Plait.Jobs;
using Plait.Training;

namespace Plait.Benchmarks.Tests.Comparison;

/// <summary>A comparison trains networks of single tasks anyway; joined networks may start from those of their seed.</summary>
[Collection("torch")]
public sealed class StartFromSingleTasksTests : IDisposable
{
    private const string Started = "cross-stitch:own=1,start=single-task";

    private readonly FolderOfFiles folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void They_come_last_and_are_told_the_folders_of_the_trained_networks_of_their_seed()
    {
        var plan = Plan([0, 1], "cross-stitch", Started, "hps");
        var fresh = plan.Next([]);
        FinishedJob[] finished = [.. fresh.Select((job, i) => new FinishedJob(job, Result, $"folder {i}"))];

        var started = plan.Next(finished);

        Assert.Equal(2 * (2 + 2), fresh.Count);
        Assert.All(fresh, job => Assert.Null(job.Job.StartsFrom));
        Assert.All(fresh, job => Assert.Equal(job.Name == ComparisonPlan.Baseline, job.Job.KeepsNetwork));
        Assert.Equal([0L, 1L], started.Select(job => job.Job.Run.Seed));
        Assert.Equal(["folder 2", "folder 3"], started[0].Job.StartsFrom);
        Assert.Equal(["folder 6", "folder 7"], started[1].Job.StartsFrom);
        Assert.Equal(plan.Jobs().Select(job => job.Name), fresh.Concat(started).Select(job => job.Name));
        Assert.Empty(plan.Next([.. finished, .. started.Select(job => new FinishedJob(job, Result, "last"))]));
        Assert.Equal(
            started.Select(job => job.Job.ToJson()),
            ComparisonPlan.FromJson(plan.ToJson()).Next(finished).Select(job => job.Job.ToJson())
        );
    }

    [Fact]
    public void Without_them_nothing_is_kept_and_there_is_one_stage()
    {
        var plan = Plan([0], "cross-stitch", "hps");
        var jobs = plan.Next([]);

        Assert.Equal(4, jobs.Count);
        Assert.All(jobs, job => Assert.False(job.Job.KeepsNetwork));
        Assert.Empty(plan.Next([.. jobs.Select(job => new FinishedJob(job, Result, ""))]));
    }

    [Fact]
    public void What_the_trained_networks_have_learned_is_where_the_joined_one_starts()
    {
        var plan = Plan([3], Started);
        plan = plan with { Settings = plan.Settings with { Epochs = 2 } };
        var still = plan.Settings with { Epochs = 1, Optimizer = "adam:learning-rate=1e-12" };
        using var runner = new JobRunner();
        var finished = new List<FinishedJob>();
        foreach (var planned in plan.Next([]))
        {
            finished.Add(new(planned, runner.Run(planned.Job, Folder(finished.Count)).Result, Folder(finished.Count)));
        }

        var job = Assert.Single(plan.Next(finished)).Job;
        var started = Of(job).Result;
        var fresh = Of(job with { StartsFrom = null, Run = job.Run with { Network = "cross-stitch:own=1" } }).Result;

        foreach (var (task, loss) in finished.SelectMany(done => done.Result.Losses))
        {
            Assert.Equal(loss, started.Losses[task], 1e-5);
            Assert.NotEqual(loss, fresh.Losses[task], 1e-2);
        }

        (JobResult Result, TrainingResult History) Of(TrainingJob whole) =>
            runner.Run(
                TrainingJob.FromJson(
                    (
                        whole with
                        {
                            Run = whole.Run with { Epochs = still.Epochs, Optimizer = still.Optimizer },
                        }
                    ).ToJson()
                )
            );
    }

    [Theory]
    [InlineData("hps:start=single-task", "'hps' has no option 'start'")]
    [InlineData("cross-stitch:start=trained", "fresh, single-task")]
    [InlineData("nddr-cnn:start=single-task,head-widths=8", "the head of task 'motor-updrs'")]
    public void What_cannot_start_so_is_refused_before_any_training(string network, string why)
    {
        var job = Plan([0], network).Jobs().First(planned => planned.Name != ComparisonPlan.Baseline).Job;
        using var data = job.Data.Load(0);

        var fault = Assert.ThrowsAny<Exception>(() => job.Check(data));

        Assert.True(fault is FormatException or ArgumentException, fault.ToString());
        Assert.Contains(why, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_can_is_checked_without_trained_networks()
    {
        var job = Plan([0], Started).Jobs()[^1].Job;
        using var data = job.Data.Load(0);

        job.Check(data);

        Assert.NotNull(job.StartsFrom);
        Assert.Throws<NotSupportedException>(() => (job with { StartsFrom = null }).Check(data));
        var none = Assert.Throws<ArgumentException>(() => new JobRunner().Run(job));
        Assert.Contains("No trained network of task 'motor-updrs'", none.Message, StringComparison.Ordinal);
        var shared = job with { Run = job.Run with { Network = "hps" } };
        var towerless = Assert.Throws<NotSupportedException>(() => shared.Check(data));
        Assert.EndsWith("cross-stitch, nddr-cnn, sluice have.", towerless.Message, StringComparison.Ordinal);
    }

    private static JobResult Result { get; } =
        new(new Dictionary<string, IReadOnlyDictionary<string, double?>>(), 1, 1, 0, 1, 0);

    private static ComparisonPlan Plan(long[] seeds, params string[] networks) =>
        new()
        {
            Benchmark = "parkinsons",
            Seeds = seeds,
            Recipes = [.. networks.Select(network => ComparedRecipe.Of(network))],
            Settings = new RunSpecification { Encoder = "mlp:widths=8", BatchSize = 256 },
        };

    private string Folder(int place) => Directory.CreateDirectory(Path.Combine(folder.Path, $"{place}")).FullName;
}
