using Plait.Catalogue;
using Plait.Data;
using Plait.Networks;
using Plait.Optimization;
using Plait.Optimization.Bilevel;
using Plait.Optimization.GradientModulation;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Tests.Optimization.LossWeighting;

using LossWeighting = Plait.Optimization.LossWeighting.LossWeighting;

/// <summary>A small training that calls a weighting as the trainer does, and records its weights.</summary>
internal sealed class WeightingRun(string specification)
{
    private const int StepsPerEpoch = 4;
    private const double LearningRate = 0.05;

    /// <summary>Of the network.</summary>
    public double Rate { get; init; } = LearningRate;

    /// <summary>What the losses are multiplied by.</summary>
    public double Unit { get; init; } = 1;

    /// <summary>Before this step the weighting is saved, thrown away, made anew and loaded.</summary>
    public int StopAt { get; init; } = -1;

    /// <summary>Whether some steps are about some of the tasks.</summary>
    public bool Subsets { get; init; } = true;

    public static LossWeighting Make(string specification) => MethodCatalog.Create<LossWeighting>(specification);

    /// <summary>The weights of each step's tasks.</summary>
    public double[][] Weights(int steps)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(5);
        using var network = SmallNetworks.Make("hard sharing, cut", ScalarType.Float32);
        var weighting = Begun();
        var recorded = new double[steps][];
        for (var step = 0; step < steps; step++)
        {
            using var inner = torch.NewDisposeScope();
            if (step == StopAt)
            {
                var state = new StateDictionary();
                weighting.Save(state);
                weighting = Begun();
                weighting.Load(state);
            }

            recorded[step] = Step(network, weighting, step);
            if (step % StepsPerEpoch == StepsPerEpoch - 1)
            {
                weighting.EndEpoch(Outcome(step / StepsPerEpoch));
            }
        }

        return recorded;
    }

    private LossWeighting Begun()
    {
        var weighting = Make(specification);
        weighting.Begin(SmallNetworks.Tasks, torch.CPU);
        return weighting;
    }

    private double[] Step(MultiTaskNetwork network, LossWeighting weighting, int step)
    {
        var context = new StepContext
        {
            Tasks = SmallNetworks.Tasks,
            Step = step,
            Epoch = step / StepsPerEpoch,
            StepInEpoch = step % StepsPerEpoch,
            StepsPerEpoch = StepsPerEpoch,
        };
        var chosen = Subsets && step % 3 == 2 ? SmallNetworks.Tasks.Select(0, 2) : SmallNetworks.Tasks.All;
        var batch = Batch(chosen, step);
        var storage = network.Storage;
        if (weighting is IBilevelOptimizer upper)
        {
            upper.Improve(
                new InnerProblem(network, Objective(batch, number => Batch(chosen, 1000 + step + number)), Rate),
                context
            );
        }

        var (losses, outputs) = Losses(network, batch, cut: true);
        using var gradients = TaskGradients.OfGraph(losses, network, outputs.Representation, [], long.MaxValue);
        if (weighting.ObservedLocation is not null)
        {
            weighting.Observe(gradients, context);
        }

        gradients.Weigh(ObjectiveWeights.Of(losses, weighting.Weigh(losses, context)));
        var weights = gradients.Weights.ToArray();
        gradients.Apply(new Sum(), context);
        using (torch.no_grad())
        {
            storage.Values.add_(storage.Gradients, -Rate);
            foreach (var learned in weighting.Parameters)
            {
                if (learned.grad is { } gradient) // none for a task without a loss
                {
                    learned.add_(gradient, -LearningRate);
                    gradient.zero_();
                }
            }

            weighting.AfterStep(losses, () => Losses(network, batch).Losses, context);
        }

        return weights;

        IObjective Objective(MultiTaskBatch read, Func<int, MultiTaskBatch> other) =>
            new FunctionObjective(
                read.LabelledTasks,
                () => Losses(network, read).Losses,
                number => Objective(other(number), other)
            );
    }

    private static MultiTaskBatch Batch(TaskSelection tasks, int seed) =>
        SmallNetworks.Batch(tasks, shared: true, ScalarType.Float32, seed);

    private (TaskLosses Losses, TaskOutputs Outputs) Losses(
        MultiTaskNetwork network,
        MultiTaskBatch batch,
        bool cut = false
    )
    {
        var outputs = network.Forward(batch, batch.Tasks, cut);
        var scaled = SmallNetworks.Losses(outputs, batch).Scalars.Select(loss => loss.mul(Unit));
        return (new TaskLosses(batch.Tasks, scaled), outputs);
    }

    private EpochOutcome Outcome(int epoch)
    {
        double[] losses = [.. Enumerable.Range(1, 3).Select(task => Unit * task / (epoch + 1.0))];
        var metrics = new TaskMetrics(
            SmallNetworks.Tasks,
            [
                [1.0 / (epoch + 1), 1.0 / (epoch + 2)],
                [1 - (0.5 / (epoch + 1))],
                [1 - (0.4 / (epoch + 1))],
            ]
        );
        return new EpochOutcome(epoch, losses, new Evaluation(losses, metrics));
    }
}
