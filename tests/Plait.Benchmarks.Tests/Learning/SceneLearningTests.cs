using System.Globalization;
using Plait.Catalogue;
using Plait.Jobs;
using Plait.Tasks;

namespace Plait.Benchmarks.Tests.Learning;

/// <summary>Every architecture that reads maps learns all seven tasks of the scenes.</summary>
[Collection("torch")]
public sealed class SceneLearningTests(SceneTrainings trainings, ITestOutputHelper output)
{
    private const int Scenes = 600;

    /// <summary>By how many times each task's primary metric has to be better than that of the best answer that does not look at the image.</summary>
    private static readonly Dictionary<string, double> Bars = new()
    {
        ["segmentation"] = 4,
        ["parts"] = 1.2, // nearly all is background
        ["depth"] = 1.1, // the error is that of the few things that are far away
        ["normals"] = 1.45,
        ["edges"] = 40,
        ["saliency"] = 1.5,
        ["boundaries"] = 40,
    };

    /// <summary>Architectures that are not for these tasks, and what they say of it.</summary>
    private static readonly Dictionary<string, string> Others = new()
    {
        ["cosmos"] = "vector",
        ["mnc"] = "box",
        ["pamal"] = "parameters from outside",
        ["phn"] = "parameters from outside",
        ["rotated"] = "vector",
    };

    /// <summary>What is written for those whose defaults are not meant for this training.</summary>
    private static readonly Dictionary<string, string> Spellings = new()
    {
        ["cross-stitch"] = "cross-stitch:rate=1", // 100 is for stochastic gradient descent
        ["nddr-cnn"] = "nddr-cnn:rate=1",
        ["grouped"] = "grouped:groups=0-2-3-4/1-5-6",
    };

    /// <summary>Chance in the gates of one, and the depth of the other's branches and heads, take twice the epochs.</summary>
    private static readonly string[] SlowLearners = ["snr", "pad-net"];

    public static TheoryData<string> Architectures => [.. Names.Except(Others.Keys)];

    public static TheoryData<string, string> Refusals => [.. Others.Select(pair => (pair.Key, pair.Value))];

    private static IEnumerable<string> Names => MethodCatalog.Of(MethodKind.Architecture).Select(entry => entry.Name);

    [Theory]
    [MemberData(nameof(Refusals))]
    public void An_architecture_that_is_not_for_these_tasks_says_why(string name, string reason)
    {
        var tasks = BenchmarkCatalog.Get("scenes").Tasks;
        var run = SceneTrainings.Settings with { Network = name };
        var fault = Assert.ThrowsAny<Exception>(() => run.CreateNetwork(tasks, [3, 64, 64]));
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Theory(Explicit = true)]
    [Trait("category", "slow")]
    [MemberData(nameof(Architectures))]
    public void An_architecture_is_far_better_at_every_task_than_whoever_does_not_look(string name)
    {
        var job = new TrainingJob
        {
            Data = trainings.Source,
            TrainingRows = Scenes,
            Run = SceneTrainings.Settings with
            {
                Network = Spellings.GetValueOrDefault(name, name),
                Epochs = SceneTrainings.Settings.Epochs * (SlowLearners.Contains(name) ? 2 : 1),
            },
        };
        if (name == "rcm") // its filters do not learn, and are worth what they have learned before
        {
            var bank = trainings.TrainEncoder(job with { Run = job.Run with { Network = "hps" } });
            job = job with { Run = job.Run with { EncoderWeights = bank } };
        }

        var result = trainings.Train(job);
        var gains = trainings.Blind.Tasks.ToDictionary(task => task.Name, task => GainOf(task, result));
        Tell(name, result, gains);
        Assert.All(Bars, bar => Assert.True(gains[bar.Key] > bar.Value, $"{bar.Key}: only {gains[bar.Key]} times"));
        Assert.Equal(gains.Keys.Order(), Bars.Keys.Order());
    }

    private double GainOf(LearningTask task, JobResult result)
    {
        var metric = task.PrimaryMetric;
        var reached = result.Metrics[task.Name][metric.Name]!.Value;
        var blind = trainings.Blind[task.Name, metric.Name];
        return metric.HigherIsBetter ? reached / blind : blind / reached;
    }

    private void Tell(string name, JobResult result, Dictionary<string, double> gains)
    {
        var metrics = trainings.Blind.Tasks.Select(task =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{task} {result.Metrics[task.Name][task.PrimaryMetric.Name]:F3} ({gains[task.Name]:F1} times)"
            )
        );
        output.WriteLine($"{name}, {result.Parameters} parameters: {string.Join(", ", metrics)}");
    }
}
