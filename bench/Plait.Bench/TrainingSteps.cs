using BenchmarkDotNet.Attributes;
using Plait.Optimization;
using Plait.Optimization.GradientModulation;
using Plait.Optimization.MultiObjective;
using Plait.Torch;
using Plait.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Plait.Bench;

/// <summary>Whole steps of <see cref="Trainer"/> against loops written by hand for the same network, losses, data and fused optimizer.</summary>
/// <remarks>The loop by hand looks at no number: neither at losses nor at whether they are finite, as the trainer does at each step.</remarks>
public class TrainingSteps
{
    private const int Steps = 8;
    private Workload workload = null!;
    private FlatParameters storage = null!;
    private FlatAdam optimizer = null!;

    [Params("LeNet, 2 tasks", "MLP, 16 tasks")]
    public string Network { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        workload = Network.StartsWith("LeNet", StringComparison.Ordinal)
            ? Workload.LeNetPair(Steps)
            : Workload.Mlp16(Steps);
        storage = FlatParameters.Of(
            [.. workload.Trunk.parameters()],
            [.. workload.Heads.Select(head => (IReadOnlyList<Parameter>)[.. head.parameters()])]
        );
        optimizer = new FlatAdam(storage, 1e-3, new AdamOptions(0.9, 0.999, 1e-8, 0), decoupled: false);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Steps, Description = "by hand: summed losses, one backward")]
    public void JointByHand()
    {
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            var features = workload.Trunk.call(workload.Slice(workload.Input, step));
            optimizer.zero_grad();
            stack(workload.Losses(_ => features, step)).sum().backward();
            optimizer.step();
        }
    }

    [Benchmark(OperationsPerInvoke = Steps, Description = "Trainer, Sum")]
    public void TrainerSum() => Fit(new Sum());

    [Benchmark(OperationsPerInvoke = Steps, Description = "by hand: forward, heads, T trunk backwards")]
    public void BoundByHand()
    {
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            var features = workload.Trunk.call(workload.Slice(workload.Input, step));
            var leaves = workload.Heads.Select(_ => features.detach().requires_grad_()).ToArray();
            optimizer.zero_grad();
            stack(workload.Losses(task => leaves[task], step)).sum().backward();
            for (var task = 0; task < leaves.Length; task++)
            {
                features.backward([leaves[task].grad!], create_graph: false, retain_graph: task < leaves.Length - 1);
            }

            optimizer.step();
        }
    }

    [Benchmark(OperationsPerInvoke = Steps, Description = "Trainer, PCGrad")]
    public void TrainerPCGrad() => Fit(new PCGrad());

    [Benchmark(OperationsPerInvoke = Steps, Description = "Trainer, MGDA")]
    public void TrainerMgda() => Fit(new Mgda());

    [Benchmark(OperationsPerInvoke = Steps, Description = "Trainer, MGDA at the representation")]
    public void TrainerMgdaAtRepresentation() => Fit(new Mgda(GradientLocation.Representation));

    private void Fit(GradientAggregator aggregator)
    {
        var recipe = new Recipe
        {
            Aggregator = aggregator,
            Epochs = 1,
            GradientRecordInterval = 0,
        };
        using var batches = workload.Data.Batches(workload.BatchSize);
        new Trainer(workload.Network, recipe).Fit(batches);
    }
}
