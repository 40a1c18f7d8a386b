using Plait.Optimization.Scheduling;

namespace Plait.Demonstrations;

/// <summary>Laws of how often a task is trained by its number of rows: two tasks, one with far fewer rows, and few epochs.</summary>
internal sealed class SamplingBySizeDemonstration : Demonstration
{
    /// <inheritdoc/>
    public override string Name => "sampling-by-size";

    /// <inheritdoc/>
    public override string Claim =>
        "Proportional sampling starves small tasks, uniform sampling large ones; the square root lies between, and annealing ends best on average (Stickland and Murray 2019).";

    /// <summary>Images of the large task.</summary>
    public int LargeRows { get; init; } = 3000;

    /// <summary>Images of the small task.</summary>
    public int SmallRows { get; init; } = 150;

    /// <summary>Passes over the images.</summary>
    public int Epochs { get; init; } = 6;

    /// <inheritdoc/>
    public override IReadOnlyList<Observation> Run(int seed)
    {
        using var scope = torch.NewDisposeScope();
        using var data = new UnequalPairs(LargeRows, SmallRows, seed);
        return
        [
            .. new (string, TaskSchedule)[]
            {
                ("uniform", new Uniform()),
                ("proportional", new Proportional()),
                ("square-root", new SquareRoot()),
                ("annealed", new AnnealedSampling()),
            }.SelectMany(schedule => Train(schedule.Item1, schedule.Item2, data, seed)),
        ];
    }

    private IEnumerable<Observation> Train(string name, TaskSchedule schedule, UnequalPairs data, int seed)
    {
        using var scope = torch.NewDisposeScope();
        using var network = data.Shared(seed);
        var counted = new CountedSchedule(schedule);
        data.Fit(network, counted, Epochs, seed);
        var accuracies = UnequalPairs.Accuracies(network, data.Test);
        return
        [
            new(name, "share of steps, small task", counted.ShareOf(UnequalPairs.Small)),
            new(name, "share of steps, small task, last epoch", counted.ShareOf(UnequalPairs.Small, ^1..)),
            new(name, "test accuracy, large task", accuracies[UnequalPairs.Large]),
            new(name, "test accuracy, small task", accuracies[UnequalPairs.Small]),
            new(name, "test accuracy, mean", accuracies.Average()),
        ];
    }
}
