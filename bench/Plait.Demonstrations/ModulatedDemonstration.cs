using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Networks.TaskRouting;
using Plait.Optimization;
using Plait.Optimization.GradientModulation;
using Plait.Tasks;
using Plait.Training;

namespace Plait.Demonstrations;

/// <summary>One encoder with and without scales of each task's own: whether the tasks' gradients agree more.</summary>
internal sealed class ModulatedDemonstration : Demonstration
{
    /// <inheritdoc/>
    public override string Name => "modulation";

    /// <inheritdoc/>
    public override string Claim =>
        "With channel scales of their own, tasks pull shared parameters the same way more often (update compliance) and do no worse.";

    /// <summary>How many tasks there are.</summary>
    public int Tasks { get; init; } = 6;

    /// <summary>Training rows.</summary>
    public int Rows { get; init; } = 7000;

    /// <summary>Passes over them.</summary>
    public int Epochs { get; init; } = 8;

    /// <summary>Adam's learning rate.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <inheritdoc/>
    public override IReadOnlyList<Observation> Run(int seed)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(seed);
        var data = DrawnAttributes.Load(Tasks, flat: false, Rows);
        var results = new List<Observation>();
        foreach (var (setting, create) in Networks())
        {
            torch.manual_seed(seed);
            using var network = create(data.Train.Tasks, new LeNet(data.Train.InputSpec.Shape!));
            var ratios = new List<double>();
            var recipe = new Recipe
            {
                Aggregator = new Watched(new Sum(), gradients => ratios.Add(UpdateCompliance.Of(gradients))),
                Optimizer = new AdamOptimizer(LearningRate),
                Epochs = Epochs,
                Seed = seed,
                GradientRecordInterval = 0,
            };
            new Trainer(network, recipe).Fit(data.Train.Batches(64, shuffleSeed: seed), data.Validation.Batches(500));
            var scores = Evaluator.Evaluate(network, data.Test.Batches(500)).Metrics;
            double[] areas = [.. data.Test.Tasks.Select((_, task) => scores[task, 0])];
            var epoch = ratios.Count / Epochs;
            results.Add(new(setting, "update compliance", ratios.Average()));
            results.Add(new(setting, "update compliance in the first epoch", ratios.Take(epoch).Average()));
            results.Add(new(setting, "update compliance in the last epoch", ratios.TakeLast(epoch).Average()));
            results.Add(new(setting, "mean AUC", areas.Average()));
            results.Add(new(setting, "least AUC", areas.Min()));
        }

        return results;
    }

    private static (string Name, Func<TaskSet, LeNet, MultiTaskNetwork> Create)[] Networks() =>
        [
            ("hps", (tasks, encoder) => new HardSharing(tasks, encoder)),
            ("modulation", (tasks, encoder) => new ModulatedNetwork(tasks, encoder)),
        ];
}
