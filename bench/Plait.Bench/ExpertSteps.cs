using BenchmarkDotNet.Attributes;
using Plait.Data;
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

/// <summary>Steps of a mixture of 32 experts (two layers, 32 to 16) for two tasks, batches of 256: a loop over modules against batched experts.</summary>
public class ExpertSteps
{
    private const int Experts = 32;
    private const int Steps = 10;
    private Tensor input = null!;
    private Tensor[] targets = null!;
    private LoopedExperts looped = null!;
    private LoopedExperts loopedFlat = null!;
    private Optimizer own = null!;
    private FlatAdam flat = null!;
    private FlatAdam batchedFlat = null!;
    private MultiGateMixtureOfExperts batched = null!;
    private MultiTaskBatch batch = null!;

    [GlobalSetup]
    public void Prepare()
    {
        input = randn(256, 32);
        targets = [randn(256, 1), randn(256, 1)];
        looped = new LoopedExperts();
        own = torch.optim.Adam(looped.parameters(), 1e-3);
        loopedFlat = new LoopedExperts();
        var options = new AdamOptions(0.9, 0.999, 1e-8, 0);
        flat = new FlatAdam(FlatParameters.Of([.. loopedFlat.parameters()]), 1e-3, options, decoupled: false);
        var tasks = new TaskSet(LearningTask.Regression("a"), LearningTask.Regression("b"));
        batched = new MultiGateMixtureOfExperts(tasks, new Mlp(32, []), Experts, [16, 16]);
        batchedFlat = new FlatAdam(batched.Storage, 1e-3, options, decoupled: false);
        batch = MultiTaskBatch.Shared(tasks.All, input, [TaskTarget.Of(targets[0]), TaskTarget.Of(targets[1])]);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Steps, Description = "loop over modules, TorchSharp's Adam")]
    public void Loop() => Take(looped, own);

    [Benchmark(OperationsPerInvoke = Steps, Description = "loop over modules, flat fused Adam")]
    public void LoopFlat() => Take(loopedFlat, flat);

    [Benchmark(OperationsPerInvoke = Steps, Description = "MultiGateMixtureOfExperts, flat fused Adam")]
    public void Batched()
    {
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            var outputs = batched.Forward(batch, batch.Tasks);
            var losses = TaskLosses.Of(
                batched.Tasks,
                batched.Tasks.Select((task, i) => task.Loss.Compute(outputs[i], batch.TargetOf(i)))
            );
            TaskGradients.Of(losses, batched, outputs).Apply(new Sum());
            batchedFlat.step();
        }
    }

    private void Take(LoopedExperts network, Optimizer optimizer)
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

    /// <summary>The same mixture, module by module.</summary>
    private sealed class LoopedExperts : Module<Tensor, Tensor[]>
    {
        private readonly ModuleList<Sequential> experts = new([
            .. Enumerable.Range(0, Experts).Select(_ => Sequential(Linear(32, 16), ReLU(), Linear(16, 16), ReLU())),
        ]);

        private readonly ModuleList<Linear> gates = new([
            Linear(32, Experts, hasBias: false),
            Linear(32, Experts, hasBias: false),
        ]);

        private readonly ModuleList<Linear> heads = new([Linear(16, 1), Linear(16, 1)]);

        public LoopedExperts()
            : base(nameof(LoopedExperts)) => RegisterComponents();

        public override Tensor[] forward(Tensor input)
        {
            var opinions = stack(experts.Select(expert => expert.call(input)), 1); // [rows, experts, width]
            return
            [
                .. gates.Zip(
                    heads,
                    (gate, head) => head.call(gate.call(input).softmax(-1).unsqueeze(1).bmm(opinions).squeeze(1))
                ),
            ];
        }
    }
}
