using Plait.Catalogue;
using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;

namespace Plait.Tests.Networks;

/// <summary>Architectures that share in or behind the encoder learn tasks of pixels; those that exchange in the decoder have tests of their own.</summary>
[Collection("torch")]
public sealed class DenseLearningTests
{
    private const int Side = 16;

    private static readonly TaskSet Tasks = new(
        new LearningTask("class", new Categorical(2, Layout.Pixel), new CrossEntropy(), [new Accuracy()]),
        new LearningTask("height", new Numeric(layout: Layout.Pixel), new AbsoluteError(), [new MeanAbsoluteError()])
    );

    [Theory]
    [InlineData("cross-stitch")]
    [InlineData("nddr-cnn:shortcut=true")]
    [InlineData("sluice")]
    [InlineData("mtan")]
    [InlineData("tcdcn:features=16")]
    [InlineData("single-task")]
    [InlineData("hps")]
    [InlineData("grouped:groups=0-1/0")]
    [InlineData("omoe:experts=3,expert-widths=16")]
    [InlineData("mmoe:experts=3,expert-widths=16")]
    [InlineData("cgc:own-experts=1,shared-experts=2,expert-widths=16")]
    [InlineData("ple:own-experts=1,shared-experts=1,expert-widths=16")]
    [InlineData("dselect-k:experts=4,expert-widths=16")]
    [InlineData("snr:sub-networks=2,widths=16-16")]
    [InlineData("modulation")]
    [InlineData("task-routing")]
    [InlineData("residual-adapters")]
    [InlineData("astmt")]
    [InlineData("rcm")]
    public void Bright_pixels_and_their_column_are_learned(string architecture)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(5);
        using var network = MethodCatalog.Create<MultiTaskNetwork>(
            architecture,
            Tasks,
            new TinyResNet([3, Side, Side], width: 8, stages: 2, blocks: 1)
        );
        using var optimizer = torch.optim.Adam(network.parameters(), 0.01);
        for (var step = 0; step < 60; step++)
        {
            using var inner = torch.NewDisposeScope();
            using var batch = Draw(16);
            optimizer.zero_grad();
            var outputs = network.Forward(batch, Tasks.All);
            Tasks
                .Select((task, i) => task.Loss.Compute(outputs[i], batch.TargetOf(i)))
                .Aggregate((a, b) => a + b)
                .backward();
            optimizer.step();
        }

        network.eval();
        using var noGrad = torch.no_grad();
        using var test = Draw(100);
        var answers = network.Forward(test, Tasks.All);
        var right = answers[0].argmax(1).eq(test.TargetOf(0).Values).to(ScalarType.Float32).mean().item<float>();
        var error = (answers[1] - test.TargetOf(1).Values).abs().mean().item<float>();
        // A quarter of the pixels is bright, and the best constant misses the other target by 0.25 times 1.
        Assert.True(right > 0.9 && error < 0.17, $"{right} of the classes, {error} off");
    }

    /// <summary>One bright square of a half of each side on noise; each of its pixels has the second class and the height 1.</summary>
    private static MultiTaskBatch Draw(int rows)
    {
        var bright = torch.zeros(rows, 1, Side, Side);
        for (var row = 0; row < rows; row++)
        {
            var (x, y) = (torch.randint(0, 9, 1).item<long>(), torch.randint(0, 9, 1).item<long>());
            bright[row].narrow(1, y, Side / 2).narrow(2, x, Side / 2).fill_(1);
        }

        return MultiTaskBatch.Shared(
            Tasks.All,
            bright + torch.rand(rows, 3, Side, Side),
            [TaskTarget.Of(bright.squeeze(1).to(ScalarType.Int64)), TaskTarget.Of(bright)]
        );
    }
}
