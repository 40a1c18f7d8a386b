using System.Diagnostics;
using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.Experts;
using Plait.Optimization;
using Plait.Optimization.GradientModulation;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.optim;

namespace Plait.Bench;

/// <summary>Steps of MMoE, CGC and PLE with 32 experts a layer for two tasks, batches of 256: loops over linear modules against batched experts.</summary>
/// <remarks>Forward, backward and optimizer. Times are of the clock, so that more than one thread may be measured.</remarks>
internal static class ExpertLoops
{
    private const int Inputs = 32;
    private const int Rows = 256;
    private const int Steps = 10;
    private const int Warmup = 2;
    private static readonly int[] Widths = [16, 16];
    private static readonly AdamOptions Constants = new(0.9, 0.999, 1e-8, 0);

    /// <param name="rounds">How many times each is measured.</param>
    /// <param name="threads">Threads within an operation.</param>
    /// <param name="only">The one architecture to measure; all when empty.</param>
    public static void Run(int rounds, int threads, string only)
    {
        set_num_threads(threads);
        var tasks = new TaskSet(LearningTask.Regression("a"), LearningTask.Regression("b"));
        var input = randn(Rows, Inputs);
        Tensor[] targets = [randn(Rows, 1), randn(Rows, 1)];
        var batch = MultiTaskBatch.Shared(tasks.All, input, [TaskTarget.Of(targets[0]), TaskTarget.Of(targets[1])]);
        Compare("mmoe, 32", 1, 0, 32, new MultiGateMixtureOfExperts(tasks, new Mlp(Inputs, []), 32, Widths));
        Compare("cgc, 8 + 8 + 16", 1, 8, 16, new CustomizedGateControl(tasks, new Mlp(Inputs, []), 8, 16, Widths));
        Compare(
            "ple, 2 layers of 8 + 8 + 16",
            2,
            8,
            16,
            new ProgressiveLayeredExtraction(tasks, new Mlp(Inputs, []), 2, 8, 16, Widths)
        );

        void Compare(string name, int layers, int own, int shared, MultiTaskNetwork network)
        {
            if (!name.StartsWith(only, StringComparison.Ordinal))
            {
                return;
            }

            var looped = new LoopedExtraction(layers, own, shared);
            var managed = torch.optim.Adam(looped.parameters(), 1e-3);
            var loopedFlat = new LoopedExtraction(layers, own, shared);
            var fused = new FlatAdam(FlatParameters.Of([.. loopedFlat.parameters()]), 1e-3, Constants, false);
            var batched = new FlatAdam(network.Storage, 1e-3, Constants, false);
            TurnByTurn.Print(
                $"{name}, {threads} thread{(threads == 1 ? "" : "s")}",
                [
                    "loop over modules, TorchSharp's Adam",
                    "loop over modules, flat fused Adam",
                    "batched, flat fused Adam",
                ],
                Measure(
                    [
                        () => Take(looped, managed, input, targets),
                        () => Take(loopedFlat, fused, input, targets),
                        () => Take(network, batched, batch),
                    ],
                    rounds
                )
            );
        }
    }

    private static double[][] Measure(Action[] calls, int rounds)
    {
        var times = Array.ConvertAll(calls, _ => new double[rounds]);
        for (var round = -Warmup; round < rounds; round++)
        {
            for (var i = 0; i < calls.Length; i++)
            {
                var watch = Stopwatch.StartNew();
                calls[i]();
                if (round >= 0)
                {
                    times[i][round] = watch.Elapsed.TotalMicroseconds;
                }
            }
        }

        return times;
    }

    private static void Take(MultiTaskNetwork network, FlatAdam optimizer, MultiTaskBatch batch)
    {
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            var outputs = network.Forward(batch, batch.Tasks);
            var losses = TaskLosses.Of(
                network.Tasks,
                network.Tasks.Select((task, i) => task.Loss.Compute(outputs[i], batch.TargetOf(i)))
            );
            TaskGradients.Of(losses, network, outputs).Apply(new Sum());
            optimizer.step();
        }
    }

    private static void Take(LoopedExtraction network, Optimizer optimizer, Tensor input, Tensor[] targets)
    {
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var outputs = network.call(input);
            functional.mse_loss(outputs[0], targets[0]).add(functional.mse_loss(outputs[1], targets[1])).backward();
            optimizer.step();
        }
    }

    /// <summary>Layers of own and shared experts for two tasks, module by module; without own experts, one layer is MMoE.</summary>
    private sealed class LoopedExtraction : Module<Tensor, Tensor[]>
    {
        private readonly ModuleList<Layer> layers;
        private readonly ModuleList<Linear> heads = new([Linear(Widths[^1], 1), Linear(Widths[^1], 1)]);

        public LoopedExtraction(int count, int own, int shared)
            : base(nameof(LoopedExtraction))
        {
            layers = new([
                .. Enumerable
                    .Range(0, count)
                    .Select(i => new Layer(i == 0 ? Inputs : Widths[^1], own, shared, i == count - 1)),
            ]);
            RegisterComponents();
        }

        public override Tensor[] forward(Tensor input)
        {
            Tensor[] read = [input, input, input]; // of each task, and of the shared experts
            foreach (var layer in layers)
            {
                read = layer.call(read);
            }

            return [heads[0].call(read[0]), heads[1].call(read[1])];
        }
    }

    private sealed class Layer : Module<Tensor[], Tensor[]>
    {
        private readonly ModuleList<ModuleList<Sequential>> experts;
        private readonly ModuleList<Linear> gates;

        public Layer(int inputs, int own, int shared, bool isLast)
            : base(nameof(Layer))
        {
            experts = new([Experts(inputs, own), Experts(inputs, own), Experts(inputs, shared)]);
            gates = new([
                Gate(own + shared),
                Gate(own + shared),
                .. Enumerable.Repeat(Gate(own + own + shared), isLast ? 0 : 1),
            ]);
            RegisterComponents();

            Linear Gate(int outputs) => Linear(inputs, outputs, hasBias: false);
        }

        public override Tensor[] forward(Tensor[] read)
        {
            Tensor[][] opinions =
            [
                .. experts.Select((group, i) => group.Select(expert => expert.call(read[i])).ToArray()),
            ];
            return
            [
                .. gates.Select(
                    (gate, i) =>
                    {
                        Tensor[] mixed = i < 2 ? [.. opinions[i], .. opinions[2]] : [.. opinions.SelectMany(o => o)];
                        return gate.call(read[i]).softmax(-1).unsqueeze(1).bmm(stack(mixed, 1)).squeeze(1);
                    }
                ),
            ];
        }

        private static ModuleList<Sequential> Experts(int inputs, int count) =>
            new([
                .. Enumerable
                    .Range(0, count)
                    .Select(_ => Sequential(Linear(inputs, Widths[0]), ReLU(), Linear(Widths[0], Widths[1]), ReLU())),
            ]);
    }
}
