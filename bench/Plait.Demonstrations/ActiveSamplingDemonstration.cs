using Plait.Benchmarks;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Networks.SingleTasking;
using Plait.Optimization.Scheduling;
using Plait.Tasks;
using Plait.Training;

namespace Plait.Demonstrations;

/// <summary>Handwritten alphabets of different difficulty, one a step; their targets are what networks of their own reached.</summary>
/// <remarks>The paper plays games; here tasks are supervised, and an epoch's validation accuracy stands for the score of an episode.</remarks>
internal sealed class ActiveSamplingDemonstration : Demonstration
{
    private const int BatchSize = 16;
    private const int Width = 64;
    private const int Pixels = 28 * 28;
    private const double Part = 0.95; // of its target, that a task has to reach

    /// <inheritdoc/>
    public override string Name => "active-sampling";

    /// <inheritdoc/>
    public override string Claim =>
        "Tasks that are far from their targets are drawn more often, and so all tasks reach their targets sooner than with uniform draws.";

    /// <summary>The alphabets.</summary>
    public IReadOnlyList<string> Alphabets { get; init; } =
    ["balinese", "early-aramaic", "greek", "katakana", "korean", "latin", "sanskrit", "tagalog"];

    /// <summary>Passes over the data, at the end of each of which the tasks are scored.</summary>
    public int Epochs { get; init; } = 30;

    /// <inheritdoc/>
    public override IReadOnlyList<Observation> Run(int seed)
    {
        using var omniglot = BenchmarkCatalog.Get("omniglot8").Load();
        using var train = omniglot.Train.SelectTasks(Alphabets);
        using var validation = omniglot.Validation.SelectTasks(Alphabets);
        using var test = omniglot.Test.SelectTasks(Alphabets);
        using var batches = train.Batches(BatchSize, seed);
        using var heldOut = validation.Batches(1000);
        using var unseen = test.Batches(1000);
        var alone = Fit(() => new SingleTask(train.Tasks, new Mlp(Pixels, [Width])), new Joint()).Validation;
        double[] targets = [.. Alphabets.Select((_, task) => alone.Max(scores => scores[task]))];
        return
        [
            .. Measure("uniform", new Uniform()),
            .. Measure("active-sampling:window=10", new ActiveSampling(targets)),
            .. Measure("active-sampling:window=1", new ActiveSampling(targets, window: 1)),
            .. Measure("active-bandit", new ActiveBandit(targets)),
            .. Measure("active-actor-critic", new ActiveActorCritic(targets)),
        ];

        (List<double[]> Validation, List<double[]> Test, List<long[]> Steps) Fit(
            Func<MultiTaskNetwork> make,
            TaskSchedule schedule
        )
        {
            using var scope = torch.NewDisposeScope();
            torch.manual_seed(seed);
            using var network = make();
            var counted = new CountedSchedule(schedule);
            var (scores, unseenScores, steps) = (new List<double[]>(), new List<double[]>(), new List<long[]>());
            new Trainer(
                network,
                new Recipe
                {
                    Schedule = counted,
                    Epochs = Epochs,
                    Seed = seed,
                    GradientRecordInterval = 0,
                }
            ).Fit(
                batches,
                heldOut,
                new EndOfEpoch(epoch =>
                {
                    scores.Add(Primary(epoch.Validation!));
                    unseenScores.Add(Primary(Evaluator.Evaluate(network, unseen)));
                    steps.Add([.. network.Tasks.Select((_, task) => (long)counted.StepsOf(task))]);
                })
            );
            return (scores, unseenScores, steps);
        }

        static double[] Primary(Evaluation scores) =>
            [.. Enumerable.Range(0, scores.Metrics.Tasks.Count).Select(task => scores.Metrics.Primary(task))];

        IEnumerable<Observation> Measure(string setting, TaskSchedule schedule)
        {
            var (scores, unseenScores, steps) = Fit(
                () => new HardSharing(train.Tasks, new Mlp(Pixels, [Width])),
                schedule
            );
            var parts = scores.ConvertAll(own => targets.Select((target, task) => own[task] / target).ToArray());
            int[] reached = [.. targets.Select((_, task) => 1 + parts.FindIndex(own => own[task] >= Part))];
            int[] epochs = [.. reached.Select(epoch => epoch == 0 ? Epochs + 1 : epoch)];
            yield return new(setting, "share of steps of the furthest task", ShareOfFurthest(parts, steps));
            yield return new(setting, "epochs until the last task is there", epochs.Max());
            yield return new(setting, "epochs until a task is there, mean", epochs.Average());
            yield return new(setting, "tasks that are never there", reached.Count(epoch => epoch == 0));
            yield return new(setting, "least part of a target at the end", parts[^1].Min());
            yield return new(
                setting,
                "mean part of the targets at the end",
                parts[^1].Average(part => Math.Min(1, part))
            );
            for (var task = 0; task < targets.Length; task++)
            {
                yield return new(setting, $"{Alphabets[task]}: steps", steps[^1][task]);
                yield return new(setting, $"{Alphabets[task]}: test accuracy", unseenScores[^1][task]);
            }
        }
    }

    /// <summary>The mean share of an epoch's steps that the task has which was furthest from its target when the epoch began.</summary>
    private static double ShareOfFurthest(List<double[]> parts, List<long[]> steps) =>
        Enumerable
            .Range(1, steps.Count - 1)
            .Average(epoch =>
            {
                var task = Array.IndexOf(parts[epoch - 1], parts[epoch - 1].Min());
                return (double)(steps[epoch][task] - steps[epoch - 1][task])
                    / (steps[epoch].Sum() - steps[epoch - 1].Sum());
            });
}
