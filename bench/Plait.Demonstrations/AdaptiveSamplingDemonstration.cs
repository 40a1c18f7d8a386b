using Plait.Optimization.Scheduling;

namespace Plait.Demonstrations;

/// <summary>A schedule that listens to scores, against two that do not: each task's score is compared with a network of its own.</summary>
internal sealed class AdaptiveSamplingDemonstration : Demonstration
{
    /// <inheritdoc/>
    public override string Name => "adaptive-sampling";

    /// <inheritdoc/>
    public override string Claim =>
        "Drawing tasks the more often the further they are below their baselines helps low-resource tasks and costs high-resource ones little (Jean et al. 2019).";

    /// <summary>Images of the large task.</summary>
    public int LargeRows { get; init; } = 2000;

    /// <summary>Images of the small task.</summary>
    public int SmallRows { get; init; } = 100;

    /// <summary>Passes over the images.</summary>
    public int Epochs { get; init; } = 8;

    /// <summary>The powers α of the adaptive schedule: its default, and one that answers to smaller differences.</summary>
    public IReadOnlyList<double> Powers { get; init; } = [5, 20];

    /// <inheritdoc/>
    public override IReadOnlyList<Observation> Run(int seed)
    {
        using var scope = torch.NewDisposeScope();
        using var data = new UnequalPairs(LargeRows, SmallRows, seed);
        using var separate = data.Separate(seed);
        data.Fit(separate, new Joint(), Epochs, seed, data.Validation);
        double[] baselines = [.. UnequalPairs.Accuracies(separate, data.Validation)];
        var goals = UnequalPairs.Accuracies(separate, data.Test);
        return
        [
            .. Scores("networks of their own", goals),
            .. Train("uniform", new Uniform()),
            .. Train("proportional", new Proportional()),
            .. Powers.SelectMany(power => Train($"adaptive, power {power}", new AdaptiveSampling(baselines, power))),
        ];

        IEnumerable<Observation> Train(string name, TaskSchedule schedule)
        {
            using var inner = torch.NewDisposeScope();
            using var network = data.Shared(seed);
            var counted = new CountedSchedule(schedule);
            data.Fit(network, counted, Epochs, seed, data.Validation);
            return
            [
                new(name, "share of steps, small task", counted.ShareOf(UnequalPairs.Small)),
                .. Scores(name, UnequalPairs.Accuracies(network, data.Test)),
            ];
        }

        IEnumerable<Observation> Scores(string name, IReadOnlyList<double> accuracies) =>
            [
                new(name, "test accuracy, large task", accuracies[UnequalPairs.Large]),
                new(name, "test accuracy, small task", accuracies[UnequalPairs.Small]),
                new(
                    name,
                    "lower of the two, as a part of its baseline",
                    accuracies.Zip(goals, (own, goal) => own / goal).Min()
                ),
            ];
    }
}
