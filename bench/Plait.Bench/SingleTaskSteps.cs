using BenchmarkDotNet.Attributes;
using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.SingleTasking;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.optim;

namespace Plait.Bench;

/// <summary>Whole steps of 16 small networks (32-32-1, batches of 64): plain modules with TorchSharp's Adam against one trainer.</summary>
public class SingleTaskSteps
{
    private const int Networks = 16;
    private const int Batch = 64;
    private const int Steps = 50;
    private Tensor input = null!;
    private Tensor[] targets = null!;
    private Sequential[] plain = null!;
    private Optimizer[] optimizers = null!;
    private Optimizer common = null!;
    private SingleTask network = null!;
    private TensorData data = null!;

    [GlobalSetup]
    public void Prepare()
    {
        input = randn(Steps * Batch, 32);
        targets = [.. Enumerable.Range(0, Networks).Select(_ => randn(Steps * Batch, 1))];
        plain = [.. targets.Select(_ => Sequential(Linear(32, 32), ReLU(), Linear(32, 1)))];
        optimizers = [.. plain.Select(module => torch.optim.Adam(module.parameters(), 1e-3))];
        common = torch.optim.Adam(plain.SelectMany(module => module.parameters()), 1e-3);
        var tasks = new TaskSet(targets.Select((_, i) => LearningTask.Regression($"y{i}")));
        network = new SingleTask(tasks, new Mlp(32, [32]));
        data = TensorData.Shared(tasks, input, [.. targets.Select(target => TaskTarget.FromRaw(target))]);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Steps, Description = "modules, one Adam, one backward")]
    public void OneAdam()
    {
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            var rows = Slice(input, step);
            var losses = new Tensor[Networks];
            common.zero_grad();
            for (var i = 0; i < Networks; i++)
            {
                losses[i] = functional.mse_loss(plain[i].call(rows), Slice(targets[i], step));
            }

            stack(losses).sum().backward();
            common.step();
        }
    }

    [Benchmark(OperationsPerInvoke = Steps, Description = "modules, an Adam and a backward each")]
    public void AdamEach()
    {
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            var rows = Slice(input, step);
            for (var i = 0; i < Networks; i++)
            {
                optimizers[i].zero_grad();
                functional.mse_loss(plain[i].call(rows), Slice(targets[i], step)).backward();
                optimizers[i].step();
            }
        }
    }

    [Benchmark(OperationsPerInvoke = Steps, Description = "Trainer")]
    public void ByTrainer()
    {
        using var batches = data.Batches(Batch);
        new Trainer(network, new Recipe { Epochs = 1, GradientRecordInterval = 0 }).Fit(batches);
    }

    private static Tensor Slice(Tensor whole, int step) => whole.narrow(0, (long)step * Batch, Batch);
}
