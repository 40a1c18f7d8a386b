using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Losses;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Plait.Bench;

/// <summary>One problem of several tasks over a shared trunk, as Plait has it and as plain TorchSharp modules.</summary>
public sealed class Workload
{
    private Workload(
        TaskSet tasks,
        Tensor input,
        Tensor[] targets,
        int batchSize,
        Encoder encoder,
        Module<Tensor, Tensor> trunk
    )
    {
        Tasks = tasks;
        Input = input;
        Targets = targets;
        BatchSize = batchSize;
        Network = new HardSharing(tasks, encoder);
        Trunk = trunk;
        Heads = [.. tasks.Select(task => Linear(encoder.OutputWidth, task.Output.Channels))];
        Data = TensorData.Shared(tasks, input, [.. targets.Select(target => TaskTarget.FromRaw(target))]);
    }

    public TaskSet Tasks { get; }

    public Tensor Input { get; }

    public Tensor[] Targets { get; }

    public int BatchSize { get; }

    public MultiTaskNetwork Network { get; }

    public TensorData Data { get; }

    public Module<Tensor, Tensor> Trunk { get; }

    public Module<Tensor, Tensor>[] Heads { get; }

    /// <summary>The loss of a task, by a plain call.</summary>
    public Tensor Loss(int task, Tensor output, Tensor target) =>
        Tasks[task].Loss switch
        {
            CrossEntropy => functional.cross_entropy(output, target),
            BinaryCrossEntropy => functional.binary_cross_entropy_with_logits(output.squeeze(1), target),
            _ => functional.mse_loss(output, target),
        };

    /// <summary>The losses of one step by plain calls.</summary>
    /// <param name="features">What the head of the task at this place reads.</param>
    /// <param name="step">Which batch.</param>
    public Tensor[] Losses(Func<int, Tensor> features, int step)
    {
        var losses = new Tensor[Heads.Length];
        for (var task = 0; task < losses.Length; task++)
        {
            losses[task] = Loss(task, Heads[task].call(features(task)), Slice(Targets[task], step));
        }

        return losses;
    }

    /// <summary>The rows of one batch.</summary>
    public Tensor Slice(Tensor whole, int step) => whole.narrow(0, (long)step * BatchSize, BatchSize);

    /// <summary>Two classes each on images of 36 x 36, LeNet, batches of 256.</summary>
    public static Workload LeNetPair(int batches) =>
        new(
            new TaskSet(LearningTask.Classification("left", 10), LearningTask.Classification("right", 10)),
            randn(batches * 256, 1, 36, 36),
            [randint(10, [batches * 256], ScalarType.Int64), randint(10, [batches * 256], ScalarType.Int64)],
            256,
            new LeNet([1, 36, 36]),
            Sequential(
                Conv2d(1, 10, 5),
                MaxPool2d(2),
                ReLU(),
                Conv2d(10, 20, 5),
                MaxPool2d(2),
                ReLU(),
                Flatten(),
                Linear(720, 50),
                ReLU()
            )
        );

    /// <summary>Sixteen numbers from 64, a trunk of 256 and 256, batches of 512.</summary>
    public static Workload Mlp16(int batches) =>
        new(
            new TaskSet(Enumerable.Range(0, 16).Select(i => LearningTask.Regression($"y{i}"))),
            randn(batches * 512, 64),
            [.. Enumerable.Range(0, 16).Select(_ => randn(batches * 512, 1))],
            512,
            new Mlp(64, [256, 256]),
            Sequential(Linear(64, 256), ReLU(), Linear(256, 256), ReLU())
        );

    /// <summary>Forty yes-or-no questions on images of 32 x 32, ResNet18, batches of 64.</summary>
    public static Workload ResNet40(int batches) =>
        new(
            new TaskSet(Enumerable.Range(0, 40).Select(i => LearningTask.Binary($"y{i}"))),
            randn(batches * 64, 3, 32, 32),
            [
                .. Enumerable
                    .Range(0, 40)
                    .Select(_ => randint(2, [batches * 64], ScalarType.Int64).to(ScalarType.Float32)),
            ],
            64,
            new ResNet18([3, 32, 32]),
            new ResNet18([3, 32, 32])
        );

    /// <summary>The problem of this name: "lenet", "mlp" or "resnet".</summary>
    public static Workload Named(string name, int batches) =>
        name switch
        {
            "lenet" => LeNetPair(batches),
            "mlp" => Mlp16(batches),
            "resnet" => ResNet40(batches),
            _ => throw new ArgumentException($"There is no problem '{name}'; choose from lenet, mlp, resnet."),
        };

    /// <summary>Four numbers from 16, a trunk of 32, batches of 64.</summary>
    public static Workload Small(int batches) =>
        new(
            new TaskSet(Enumerable.Range(0, 4).Select(i => LearningTask.Regression($"y{i}"))),
            randn(batches * 64, 16),
            [.. Enumerable.Range(0, 4).Select(_ => randn(batches * 64, 1))],
            64,
            new Mlp(16, [32]),
            Sequential(Linear(16, 32), ReLU())
        );
}
