using System.Globalization;
using Plait.Catalogue;
using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Networks.SharedTrunk;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Training;
using static TorchSharp.torch;

namespace Plait.Bench;

/// <summary>Images a second of every architecture for dense prediction, in training and in prediction, beside hard sharing on the same encoder.</summary>
internal static class VisionSteps
{
    private const string Plain = "hps";
    private const int BatchSize = 16;
    private const int Steps = 2;
    private const int Classes = 10;
    private static readonly long[] Image = [3, 64, 64];

    /// <param name="rounds">How many times each is measured.</param>
    /// <param name="only">Names to measure beside hard sharing; every architecture of the catalogue that reads maps when empty.</param>
    public static void Run(int rounds, params string[] only)
    {
        var tasks = new TaskSet(
            LearningTask.Segmentation("segmentation", Classes),
            LearningTask.Depth("depth"),
            LearningTask.SurfaceNormals("normals"),
            LearningTask.Edges("edges")
        );
        using var data = Data(tasks);
        var names = only.Length > 0 ? only : [.. MethodCatalog.Of(MethodKind.Architecture).Select(entry => entry.Name)];
        var networks = new List<(string Name, MultiTaskNetwork Network)>();
        foreach (var name in names.Prepend(Plain).Distinct())
        {
            try
            {
                networks.Add(
                    (
                        name,
                        MethodCatalog.Create<MultiTaskNetwork>(
                            name,
                            tasks,
                            new TinyResNet(Image),
                            new ConvolutionHead()
                        )
                    )
                );
            }
            catch (Exception fault) when (fault is NotSupportedException or FormatException)
            {
                Console.WriteLine($"{name} is left out: {fault.Message}");
            }
        }

        var training = TurnByTurn.Measure([.. networks.Select(one => (Action)(() => Fit(one.Network, data)))], rounds);
        var answering = TurnByTurn.Measure(
            [.. networks.Select(one => (Action)(() => Answer(one.Network, data)))],
            rounds
        );
        Console.WriteLine(
            "| network | parameters | million multiply-adds | images a second, training | over hps | answering | over hps |"
        );
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
        for (var i = 0; i < networks.Count; i++)
        {
            var (name, network) = networks[i];
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {name} | {network.parameters().Sum(parameter => parameter.numel()):#,##0} | {Macs.Of(network, Image) / 1e6:0.0} | {Speed(training[i], training[0])} | {Speed(answering[i], answering[0])} |"
                )
            );
        }
    }

    /// <summary>A batch of 16 in two orders of memory and in half precision, hard sharing on ResNet18, 64 x 64 pixels.</summary>
    public static void RunLayouts(int rounds)
    {
        var tasks = new TaskSet(LearningTask.Segmentation("segmentation", Classes), LearningTask.Depth("depth"));
        Action[] calls =
        [
            Step(tasks, ScalarType.Float32, channelsLast: false),
            Step(tasks, ScalarType.Float32, channelsLast: true),
            Step(tasks, ScalarType.BFloat16, channelsLast: false),
            Step(tasks, ScalarType.BFloat16, channelsLast: true),
        ];
        TurnByTurn.Print(
            "ResNet18, 64 x 64, forward and backward",
            ["float32", "float32, channels last", "bfloat16", "bfloat16, channels last"],
            TurnByTurn.Measure(calls, rounds)
        );
    }

    private static Action Step(TaskSet tasks, ScalarType type, bool channelsLast)
    {
        var network = new HardSharing(tasks, new ResNet18(Image, outputStride: 8, pool: false));
        network.to(type);
        var input = randn([BatchSize, .. Image]).to(type);
        if (channelsLast)
        {
            input = ChannelsLast(input);
            using var noGrad = no_grad();
            foreach (var (_, module) in network.named_modules())
            {
                if (module is TorchSharp.Modules.Conv2d convolution)
                {
                    var weight = convolution.weight!;
                    weight.set_(ChannelsLast(weight));
                }
            }
        }

        var batch = MultiTaskBatch.Unlabelled(tasks.All, input);
        return () =>
        {
            using var scope = NewDisposeScope();
            var outputs = network.Forward(batch, tasks.All);
            (outputs[0].square().mean() + outputs[1].square().mean()).backward();
            network.zero_grad();
        };
    }

    private static Tensor ChannelsLast(Tensor maps) => maps.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    private static TensorData Data(TaskSet tasks)
    {
        const int Rows = BatchSize * Steps;
        var (height, width) = (Image[1], Image[2]);
        return TensorData.Shared(
            tasks,
            randn([Rows, .. Image]),
            [
                TaskTarget.Of(randint(Classes, [Rows, height, width], ScalarType.Int64)),
                TaskTarget.Of(rand([Rows, 1, height, width]).add(1)),
                TaskTarget.Of(nn.functional.normalize(randn([Rows, 3, height, width]), dim: 1)),
                TaskTarget.Of(rand([Rows, 1, height, width]).gt(0.9).to(ScalarType.Float32)),
            ]
        );
    }

    private static void Fit(MultiTaskNetwork network, TensorData data)
    {
        using var batches = data.Batches(BatchSize);
        new Trainer(network, new Recipe { Epochs = 1, GradientRecordInterval = 0 }).Fit(batches);
    }

    private static void Answer(MultiTaskNetwork network, TensorData data)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        network.eval();
        for (var step = 0; step < Steps; step++)
        {
            var rows = data.Input.narrow(0, step * BatchSize, BatchSize);
            network.Forward(MultiTaskBatch.Unlabelled(network.Tasks.All, rows), network.Tasks.All);
        }
    }

    /// <summary>Images a second of processor time, and that over the first network's: the median of the rounds.</summary>
    private static string Speed(double[] times, double[] plain)
    {
        var ratios = times.Zip(plain, (own, reference) => reference / own).Order().ToArray();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{BatchSize * Steps * 1e6 / times.Order().ElementAt(times.Length / 2):0} | {ratios[ratios.Length / 2]:0.00}"
        );
    }
}
