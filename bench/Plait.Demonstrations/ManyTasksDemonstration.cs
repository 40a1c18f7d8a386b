using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Networks.TaskRouting;
using Plait.Tasks;
using Plait.Training;

namespace Plait.Demonstrations;

/// <summary>Many tasks in one network, each of which uses a share of the units of every layer: task routing.</summary>
internal sealed class ManyTasksDemonstration : Demonstration
{
    private static readonly double[] Rates = [0.02, 0.05]; // of descent with momentum: the best for hps, and a larger one

    /// <inheritdoc/>
    public override string Name => "task-routing";

    /// <inheritdoc/>
    public override string Claim =>
        "Where many tasks share one network, each does better on fixed random units of its own, and the share of them matters.";

    /// <summary>How many tasks there are.</summary>
    public int Tasks { get; init; } = 20;

    /// <summary>Training rows.</summary>
    public int Rows { get; init; } = 7000;

    /// <summary>Passes over them, at most.</summary>
    public int Epochs { get; init; } = 6;

    /// <summary>The shares of a layer's units that a task uses.</summary>
    public IReadOnlyList<double> Shares { get; init; } = [0.2, 0.4, 0.6, 0.8, 1];

    /// <summary>Units of the two layers.</summary>
    public int[] Widths { get; init; } = [128, 64];

    /// <inheritdoc/>
    public override IReadOnlyList<Observation> Run(int seed)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(seed);
        var data = DrawnAttributes.Load(Tasks, flat: true, Rows);
        var results = new List<Observation>();
        foreach (var rate in Rates)
        {
            foreach (var (network, create) in Networks())
            {
                var setting = FormattableString.Invariant($"{network}, rate {rate}");
                torch.manual_seed(seed);
                double[] areas = Learn(
                    create(data.Train.Tasks, new Mlp(data.Train.InputSpec.Shape![0], Widths)),
                    data,
                    rate,
                    seed
                );
                results.Add(new(setting, "mean AUC", areas.Average()));
                results.Add(new(setting, "least AUC", areas.Min()));
            }
        }

        return results;
    }

    private double[] Learn(MultiTaskNetwork network, DrawnAttributes data, double rate, int seed)
    {
        using (network)
        {
            var recipe = new Recipe
            {
                Optimizer = new SgdOptimizer(rate),
                Epochs = Epochs,
                Seed = seed,
                GradientRecordInterval = 0,
            };
            new Trainer(network, recipe).Fit(data.Train.Batches(128, shuffleSeed: seed), data.Validation.Batches(500));
            var scores = Evaluator.Evaluate(network, data.Test.Batches(500)).Metrics;
            return [.. data.Test.Tasks.Select((_, task) => scores[task, 0])];
        }
    }

    private IEnumerable<(string Name, Func<TaskSet, Mlp, MultiTaskNetwork> Create)> Networks() =>
        Shares
            .Select(share => (FormattableString.Invariant($"task-routing:share={share}"), Routed(share)))
            .Prepend(("hps", (tasks, encoder) => new HardSharing(tasks, encoder)));

    private static Func<TaskSet, Mlp, MultiTaskNetwork> Routed(double share) =>
        (tasks, encoder) => new TaskRoutes(tasks, encoder, share);
}
