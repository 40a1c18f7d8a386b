using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;

namespace Plait.Tests.Networks.SingleTasking;

/// <summary>A small residual encoder that looks trained, and tasks and images for it.</summary>
internal static class SmallMaps
{
    public const int Side = 16;

    public static TaskSet Two { get; } =
        new(
            new LearningTask("class", new Categorical(3, Layout.Pixel), new CrossEntropy(), [new Accuracy()]),
            new LearningTask("depth", new Numeric(layout: Layout.Pixel), new AbsoluteError(), [new MeanAbsoluteError()])
        );

    /// <summary>An encoder whose normalisations have scales, shifts and statistics of their own.</summary>
    public static TinyResNet Trained(int width = 4, int stages = 2)
    {
        var encoder = new TinyResNet([3, Side, Side], width, stages, blocks: 1);
        using var noGrad = torch.no_grad();
        foreach (var parameter in encoder.parameters().Where(parameter => parameter.dim() == 1))
        {
            parameter.uniform_(0.5, 1.5);
        }

        for (var pass = 0; pass < 20; pass++)
        {
            using var scope = torch.NewDisposeScope();
            encoder.call(Images(16));
        }

        encoder.eval();
        return encoder;
    }

    public static Tensor Images(long rows) => torch.randn(rows, 3, Side, Side).mul(1.5).add(0.3);

    public static MultiTaskBatch Batch(TaskSet tasks, long rows = 4) =>
        MultiTaskBatch.Unlabelled(tasks.All, Images(rows));

    /// <summary>Runs some tasks alone on one input.</summary>
    public static TaskOutputs Run(MultiTaskNetwork network, Tensor images, params int[] tasks) =>
        network.Forward(MultiTaskBatch.Unlabelled(network.Tasks.All, images), network.Tasks.Select(tasks));

    public static double Difference(Tensor one, Tensor other) => (one - other).abs().max().ToDouble();

    public static long Size(IEnumerable<Tensor> tensors) => tensors.Sum(tensor => tensor.numel());
}
