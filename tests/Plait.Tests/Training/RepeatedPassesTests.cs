using Plait.Data;
using Plait.Networks;
using Plait.Optimization;
using Plait.Optimization.GradientModulation;
using Plait.Optimization.LossWeighting;
using Plait.Tasks;
using Plait.Training;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Tests.Training;

/// <summary>How often a step of several batches goes through them changes nothing but its time.</summary>
[Collection("torch")]
public sealed class RepeatedPassesTests
{
    [Fact]
    public void Dropout_masks_batch_statistics_and_the_generator_are_those_of_one_round()
    {
        using var scope = torch.NewDisposeScope();
        var once = Train(new Equal(), new Sum(), rowMemory: null);
        var often = Train(new EqualButAsking(), new SumAfterLooks(), rowMemory: 1);

        foreach (var (name, numbers) in once)
        {
            Assert.All(numbers.Zip(often[name]), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        }

        Assert.Contains(once["norm.running_mean"], mean => mean != 0);
    }

    private static Dictionary<string, double[]> Train(
        LossWeighting weighting,
        GradientAggregator aggregator,
        long? rowMemory
    )
    {
        using var data = SmallRuns.Data(48);
        torch.manual_seed(3);
        using var network = new Normalised();
        var recipe = new Recipe
        {
            Weighting = weighting,
            Aggregator = aggregator,
            Optimizer = new SgdOptimizer(0.05),
            AccumulatedBatches = 4,
            RowMemory = rowMemory,
            Epochs = 2,
            GradientRecordInterval = 0,
            Seed = 7,
        };
        using var train = data.Batches(12);
        new Trainer(network, recipe).Fit(train);
        var found = network
            .named_parameters()
            .Select(pair => (pair.name, (Tensor)pair.parameter))
            .Concat(network.named_buffers().Select(pair => (pair.name, pair.buffer)))
            .ToDictionary(pair => pair.name, pair => Plait.Torch.Numbers.Read(pair.Item2.to(ScalarType.Float64)));
        found["generator"] = Plait.Torch.Numbers.Read(torch.rand(8));
        return found;
    }

    /// <summary>Weighs each loss 1, and has to know them.</summary>
    private sealed class EqualButAsking : LossWeighting
    {
        public override Tensor Weigh(TaskLosses losses, StepContext step) => losses.Values.mul(1);
    }

    /// <summary>Adds the gradients after it has looked at their inner products.</summary>
    private sealed class SumAfterLooks : GradientAggregator
    {
        public override Tensor Aggregate(TaskGradients gradients, StepContext step)
        {
            _ = gradients.Gramian();
            return gradients.Combine([.. Enumerable.Repeat(1.0, gradients.Count)]);
        }
    }

    /// <summary>A trunk with batch normalisation and dropout.</summary>
    private sealed class Normalised : MultiTaskNetwork
    {
        private readonly Linear first = Linear(SmallRuns.Inputs, 3);
        private readonly BatchNorm1d norm = BatchNorm1d(3);
        private readonly Dropout dropout = Dropout(0.5);
        private readonly ModuleList<Linear> heads = new(
            SmallRuns.Tasks.Select(task => Linear(3, task.Output.Channels)).ToArray()
        );

        public Normalised()
            : base(SmallRuns.Tasks, nameof(Normalised)) => RegisterComponents();

        public override IEnumerable<Parameter> SharedParameters => first.parameters().Concat(norm.parameters());

        public override IEnumerable<Parameter> ParametersOf(int task) => heads[task].parameters();

        protected override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs)
        {
            var features = dropout.call(torch.tanh(norm.call(first.call(input.Values))));
            foreach (var task in tasks.Indices)
            {
                outputs[task] = heads[task].call(features);
            }
        }
    }
}
