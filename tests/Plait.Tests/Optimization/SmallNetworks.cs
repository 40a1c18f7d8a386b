using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Tasks;
using Plait.Tasks.Answers;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Tests.Optimization;

/// <summary>A regression, a classification and a yes-or-no on five features, and networks for them.</summary>
public static class SmallNetworks
{
    private const int Rows = 12;
    private const int Features = 5;

    public static readonly TaskSet Tasks = new(
        LearningTask.Regression("price"),
        LearningTask.Classification("kind", classes: 3),
        LearningTask.Binary("sold")
    );

    public static MultiTaskNetwork Make(string make, ScalarType? type = null)
    {
        MultiTaskNetwork network = make switch
        {
            "hard sharing" or "hard sharing, cut" => new HardSharing(Tasks, new Mlp(Features, [7, 4])),
            "uneven" => new Uneven(),
            "forked, cut" => new Forked(frozen: 0),
            "forked, half frozen, cut" => new Forked(frozen: 1),
            _ => throw new ArgumentOutOfRangeException(nameof(make)),
        };
        network.to(type ?? ScalarType.Float64);
        return network;
    }

    /// <summary>Whether the passes of such a network are to be cut.</summary>
    public static bool IsCut(string make) => make.EndsWith("cut", StringComparison.Ordinal);

    public static MultiTaskBatch Batch(TaskSelection tasks, bool shared, ScalarType? type = null, int seed = 1)
    {
        using var generator = new torch.Generator((ulong)seed, torch.CPU);
        var inputs = Tasks.Select(_ => Draw()).ToArray();
        TaskTarget[] targets =
        [
            TaskTarget.Of(Draw().select(1, 0)),
            TaskTarget.Of(torch.randint(0, 3, [Rows], generator: generator, dtype: ScalarType.Int64)),
            TaskTarget.Of(Draw().select(1, 0).gt(0).to(type ?? ScalarType.Float64)),
        ];
        TaskTarget[] chosen = [.. tasks.Indices.ToArray().Select(task => targets[task])];
        return shared
            ? MultiTaskBatch.Shared(tasks, inputs[0], chosen)
            : MultiTaskBatch.PerTask(tasks, [.. tasks.Indices.ToArray().Select(task => inputs[task])], chosen);

        Tensor Draw() => torch.randn([Rows, Features], dtype: type ?? ScalarType.Float64, generator: generator);
    }

    public static TaskLosses Losses(TaskOutputs outputs, MultiTaskBatch batch) =>
        new(
            batch.Tasks,
            batch.Tasks.Indices.ToArray().Select(task => Tasks[task].Loss.Compute(outputs[task], batch.TargetOf(task)))
        );

    /// <summary>Each task's own gradient by some parameters, by one ordinary backward pass a task.</summary>
    public static double[][] OwnGradients(
        MultiTaskNetwork network,
        MultiTaskBatch batch,
        Func<int, IEnumerable<Parameter>> parametersFor
    )
    {
        var gradients = new double[batch.Tasks.Count][];
        for (var i = 0; i < gradients.Length; i++)
        {
            using var scope = torch.NewDisposeScope();
            foreach (var parameter in network.parameters())
            {
                parameter.grad?.zero_();
            }

            Losses(network.Forward(batch, batch.Tasks), batch).Scalars[i].backward();
            gradients[i] =
            [
                .. parametersFor(batch.Tasks.Indices[i])
                    .Where(parameter => parameter.requires_grad)
                    .SelectMany(parameter =>
                        parameter.grad is { } gradient
                            ? Plait.Torch.Numbers.Read(gradient)
                            : new double[parameter.numel()]
                    ),
            ];
        }

        return gradients;
    }

    /// <summary>Shared layers of which the first is frozen and the third serves two of the three tasks only.</summary>
    private sealed class Uneven : MultiTaskNetwork
    {
        private readonly Linear frozen = Linear(Features, 6);
        private readonly Linear common = Linear(6, 4);
        private readonly Linear ofTwo = Linear(4, 4);
        private readonly ModuleList<Linear> heads = new(
            SmallNetworks.Tasks.Select(task => Linear(4, task.Output.Channels)).ToArray()
        );

        public Uneven()
            : base(SmallNetworks.Tasks, nameof(Uneven))
        {
            foreach (var parameter in frozen.parameters())
            {
                parameter.requires_grad = false;
            }

            RegisterComponents();
        }

        public override IEnumerable<Parameter> SharedParameters =>
            frozen.parameters().Concat(common.parameters()).Concat(ofTwo.parameters());

        public override IEnumerable<Parameter> ParametersOf(int task) => heads[task].parameters();

        protected override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs)
        {
            foreach (var task in tasks.Indices)
            {
                var features = torch.tanh(common.call(torch.tanh(frozen.call(input.Values))));
                outputs[task] = heads[task].call(task == 1 ? features : torch.tanh(ofTwo.call(features)));
            }
        }
    }

    /// <summary>A representation of two tensors, of which the layers of the first may be frozen.</summary>
    private sealed class Forked : MultiTaskNetwork
    {
        private readonly ModuleList<Linear> layers = new(Linear(Features, 4), Linear(Features, 3));
        private readonly ModuleList<Linear> heads = new(
            SmallNetworks.Tasks.Select(task => Linear(7, task.Output.Channels)).ToArray()
        );

        public Forked(int frozen)
            : base(SmallNetworks.Tasks, nameof(Forked))
        {
            foreach (var parameter in layers.Take(frozen).SelectMany(layer => layer.parameters()))
            {
                parameter.requires_grad = false;
            }

            RegisterComponents();
        }

        public override bool HasSharedRepresentation => true;

        public override IEnumerable<Parameter> SharedParameters => layers.parameters();

        public override IEnumerable<Parameter> ParametersOf(int task) => heads[task].parameters();

        protected override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs) =>
            ForwardHeads(
                outputs,
                tasks,
                (task, features) => heads[task].call(torch.cat([features[0], features[1]], 1)),
                [.. layers.Select(layer => torch.tanh(layer.call(input.Values)))]
            );
    }
}
