using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Networks.SingleTasking;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;
using static Plait.Tests.Networks.SingleTasking.SmallMaps;

namespace Plait.Tests.Networks.SingleTasking;

/// <summary>The paper's setting in small: an encoder that has learned to name shapes gains dense tasks one after the other.</summary>
[Collection("torch")]
public sealed class RcmLearningTests
{
    private const int Rows = 16;

    private static readonly ConvolutionHead SmallHead = new(width: 16);

    private static readonly LearningTask Kind = LearningTask.Classification("kind", DrawnShapes.Kinds);

    private static readonly LearningTask Mask = new(
        "mask",
        new Categorical(2, Layout.Pixel),
        new CrossEntropy(),
        [new Accuracy()]
    );

    private static readonly LearningTask Bulge = new(
        "bulge",
        new Numeric(layout: Layout.Pixel),
        new AbsoluteError(),
        [new MeanAbsoluteError()]
    );

    [Fact]
    public void Tasks_added_one_after_the_other_come_near_networks_of_their_own_with_under_half_the_parameters()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        var encoder = new TinyResNet([3, Side, Side], width: 8, stages: 2, blocks: 1, outputStride: 2);
        using var named = new SingleTask(new TaskSet(Kind), encoder);
        Train(named, 0, steps: 150, rate: 0.01);
        var images = DrawnShapes.Draw(64, Side).Images;
        using var first = Rcm.FromTrained(new TaskSet(Mask), encoder, images, head: SmallHead);
        Train(first, 0, steps: 100, rate: 0.03);
        var before = Run(first, images, 0)[0].detach();
        using var both = first.WithTask(Bulge);
        Train(both, 1, steps: 100, rate: 0.03);
        Assert.Equal(0, Difference(before, Run(both, images, 0)[0]));

        var ratios = new double[2];
        for (var task = 0; task < 2; task++)
        {
            var copy = encoder.Replicate();
            AdoptingUnit.Copy(encoder, copy);
            using var single = new SingleTask(new TaskSet(both.Tasks[task]), copy, head: SmallHead);
            Train(single, 0, steps: 100, rate: 0.02);
            Assert.True(Size(both.ParametersOf(1)) < 0.5 * Size(single.parameters()));
            Assert.True(Score(single, 0) > 0.6);
            ratios[task] = Score(both, task) / Score(single, 0);
        }

        Assert.True(ratios.Average() > 0.95, $"against networks of their own: {string.Join(", ", ratios)}");
    }

    private static void Train(MultiTaskNetwork network, int task, int steps, double rate)
    {
        network.train();
        using var optimizer = torch.optim.Adam(network.ParametersOf(task), rate);
        var schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1, 0.05, steps);
        for (var step = 0; step < steps; step++)
        {
            using var inner = torch.NewDisposeScope();
            optimizer.zero_grad();
            var (drawn, target) = Draw(network.Tasks[task], Rows);
            network.Tasks[task].Loss.Compute(Run(network, drawn, task)[task], TaskTarget.Of(target)).backward();
            optimizer.step();
            schedule.step();
        }

        network.eval();
    }

    /// <summary>Intersection over union of the mask, or the share of the bulges' mean that is not left as error: 0 for an answer of none.</summary>
    private static double Score(MultiTaskNetwork network, int task)
    {
        torch.manual_seed(99);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var (drawn, target) = Draw(network.Tasks[task], 256);
        var output = Run(network, drawn, task)[task];
        if (network.Tasks[task] == Bulge)
        {
            return 1 - ((output - target).abs().mean().ToDouble() / target.abs().mean().ToDouble());
        }

        var said = output.argmax(1);
        return (said * target).sum().ToDouble() / (said + target).gt(0).sum().ToDouble();
    }

    private static (Tensor Images, Tensor Target) Draw(LearningTask task, int rows)
    {
        var (images, kind, pixels, bulge) = DrawnShapes.Draw(rows, Side);
        return (
            images,
            task == Mask ? pixels.gt(0).to(ScalarType.Int64)
            : task == Bulge ? bulge
            : kind
        );
    }
}
