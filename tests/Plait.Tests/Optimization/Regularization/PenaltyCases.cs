using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Networks.SingleTasking;
using Plait.Tasks;
using Plait.Tasks.Answers;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Tests.Optimization.Regularization;

/// <summary>Small networks in double precision whose parameters correspond, or do not.</summary>
internal static class PenaltyCases
{
    /// <summary>The names of all of them.</summary>
    public static IReadOnlyList<string> All { get; } = ["towers", "trunk", "shared and private", "unequal heads"];

    public static MultiTaskNetwork Make(string make)
    {
        switch (make)
        {
            case "towers":
                return Towers(3);
            case "trunk":
                return Trunk();
            case "unequal heads":
                return UnequalHeads();
            case "shared and private":
                torch.manual_seed(5);
                var network = new SharedAndPrivate();
                network.to(ScalarType.Float64);
                return network;
            default:
                throw new ArgumentOutOfRangeException(nameof(make));
        }
    }

    /// <summary>One network of two layers for each task: weights [4, 5] and [1, 4], with biases.</summary>
    public static MultiTaskNetwork Towers(int tasks)
    {
        torch.manual_seed(5);
        var network = new SingleTask(StepContexts.Regressions(tasks), new Mlp(5, [4]));
        network.to(ScalarType.Float64);
        return network;
    }

    /// <summary>A trunk with one linear head each for three tasks.</summary>
    public static MultiTaskNetwork Trunk()
    {
        torch.manual_seed(5);
        var network = new HardSharing(StepContexts.Regressions(3), new Mlp(5, [4]));
        network.to(ScalarType.Float64);
        return network;
    }

    /// <summary>A trunk with heads of one and of three outputs.</summary>
    public static MultiTaskNetwork UnequalHeads()
    {
        torch.manual_seed(5);
        var network = new HardSharing(
            new TaskSet(LearningTask.Regression("price"), LearningTask.Classification("kind", 3)),
            new Mlp(5, [4])
        );
        network.to(ScalarType.Float64);
        return network;
    }

    /// <summary>A shared encoder and one of each task's own, side by side, and heads on both.</summary>
    public sealed class SharedAndPrivate : MultiTaskNetwork, IParallelLayers
    {
        private readonly Linear shared = Linear(5, 4);
        private readonly ModuleList<Linear> own = new(Linear(5, 3), Linear(5, 3));
        private readonly ModuleList<Linear> heads = new(Linear(7, 1), Linear(7, 1));

        public SharedAndPrivate()
            : base(StepContexts.Regressions(2), nameof(SharedAndPrivate)) => RegisterComponents();

        public override IEnumerable<Parameter> SharedParameters => shared.parameters();

        public IEnumerable<(Tensor Shared, Tensor Private)> ParallelWeights =>
            own.Select(layer => ((Tensor)shared.weight!, (Tensor)layer.weight!));

        public override IEnumerable<Parameter> ParametersOf(int task) =>
            [.. own[task].parameters(), .. heads[task].parameters()];

        protected override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs)
        {
            foreach (var task in tasks.Indices)
            {
                outputs[task] = heads[task]
                    .call(torch.cat([shared.call(input.Values), own[task].call(input.Values)], 1).relu());
            }
        }
    }
}
