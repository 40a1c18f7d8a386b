using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;

namespace Plait.Tests.Networks.SharedTrunk;

[Collection("torch")]
public sealed class MncTests
{
    private const int Side = 32;

    private static readonly TaskSet Tasks = new(
        LearningTask.Regression("box", 4),
        new LearningTask("mask", new Binary(Layout.Pixel), new BinaryCrossEntropy(), [new Accuracy()]),
        LearningTask.Classification("shape", 2),
        LearningTask.Regression("size")
    );

    [Fact]
    public void Later_stages_reach_what_they_read_and_no_more()
    {
        using var scope = torch.NewDisposeScope();
        using var network = Network();
        using var batch = Draw(8, seed: 1);
        string[][] reached =
        [
            ["encoder", "boxStage"],
            ["encoder", "boxStage", "maskStage", "outside"],
            ["encoder", "boxStage", "maskStage", "categoryStage"],
            ["encoder", "heads"],
        ];
        for (var task = 0; task < 4; task++)
        {
            network.zero_grad();
            ArchitectureCases.Scalar(network.Forward(batch, Tasks.All)[task]).backward();
            Assert.Equal(
                reached[task].Order(),
                network
                    .named_parameters()
                    .Where(pair => pair.parameter.grad is { } gradient && gradient.abs().max().item<float>() > 0)
                    .Select(pair => pair.name.Split('.')[0])
                    .Distinct()
                    .Order()
            );
        }

        using var storage = NetworkStorage.Create(network); // fails on a parameter that nobody or two claim
        Assert.Empty(network.ParametersOf(0));
        Assert.Equal(
            "outside",
            network
                .named_parameters()
                .Single(pair => ReferenceEquals(pair.parameter, network.ParametersOf(1).Single()))
                .name
        );
    }

    [Fact]
    public void A_task_alone_is_answered_as_among_all()
    {
        using var scope = torch.NewDisposeScope();
        using var network = Network();
        network.eval();
        using var batch = Draw(3, seed: 1);
        var all = network.Forward(batch, Tasks.All);
        for (var task = 0; task < 4; task++)
        {
            var selection = Tasks.Select(task);
            Assert.True(all[task].allclose(network.Forward(batch, selection)[task], 1e-5, 1e-6));
            using var own = MultiTaskBatch.PerTask(selection, [batch.Input.clone()], [TaskTarget.Of(torch.zeros(3))]);
            Assert.True(all[task].allclose(network.Forward(own, selection)[task], 1e-5, 1e-6));
        }

        Assert.Equal([3L, 1, Side, Side], all[1].shape);
    }

    [Fact]
    public void It_learns_box_mask_and_shape_of_drawn_objects()
    {
        using var scope = torch.NewDisposeScope();
        using var network = Network();
        using var optimizer = torch.optim.Adam(network.parameters(), 0.005);
        network.train();
        for (var step = 0; step < 90; step++)
        {
            using var inner = torch.NewDisposeScope();
            using var batch = Draw(32, seed: 100 + step);
            optimizer.zero_grad();
            var outputs = network.Forward(batch, Tasks.All);
            var losses = Tasks.Select((task, i) => task.Loss.Compute(outputs[i], batch.TargetOf(i))).ToArray();
            (losses[0] * 10 + losses[1] + losses[2] + losses[3]).backward();
            optimizer.step();
        }

        network.eval();
        using var noGrad = torch.no_grad();
        using var test = Draw(200, seed: 7);
        var answers = network.Forward(test, Tasks.All);
        var error = (answers[0] - test.TargetOf(0).Values).abs().mean().item<float>();
        var mask = answers[1].gt(0);
        var truth = test.TargetOf(1).Values.gt(0.5);
        var overlap = mask.logical_and(truth).sum().item<long>() / (double)mask.logical_or(truth).sum().item<long>();
        var right = answers[2].argmax(1).eq(test.TargetOf(2).Values).to(ScalarType.Float32).mean().item<float>();
        var boxes = test.TargetOf(0).Values;
        var constant = (boxes - boxes.mean([0], keepdim: true)).abs().mean().item<float>();
        // Everything in the mean box overlaps with less than a fifth; naming one shape is right for half of the rows.
        Assert.True(
            error < constant / 2 && overlap > 0.6 && right > 0.85,
            $"box {error} ({constant} for the mean one), mask {overlap}, shape {right}"
        );
    }

    [Fact]
    public void Tasks_are_found_by_name_too()
    {
        using var encoder = Encoder();
        var two = new TaskSet([.. Tasks, LearningTask.Regression("head", 4), LearningTask.Classification("breed", 3)]);
        using var network = new Mnc(two, encoder, box: "head", category: "breed", region: 4, width: 4);
        Assert.Empty(network.ParametersOf(4));
        Assert.NotEmpty(network.ParametersOf(0));
        Assert.Throws<ArgumentException>(() => new Mnc(Tasks, encoder, box: "shape"));
        Assert.Throws<ArgumentException>(() => new Mnc(Tasks, encoder, mask: "outline"));
        var vectors = Assert.Throws<NotSupportedException>(() =>
            new Mnc(Tasks, new ResNet18([3, Side, Side], ResNetStem.Cifar, 2))
        );
        Assert.Contains("choose an encoder that ends in a map", vectors.Message, StringComparison.Ordinal);
    }

    private static TinyResNet Encoder() => new([3, Side, Side], width: 8, stages: 2, blocks: 1);

    private static Mnc Network()
    {
        torch.manual_seed(3);
        return new Mnc(Tasks, Encoder(), region: 8, width: 16);
    }

    /// <summary>A bright disc or frame on noise: the box around it, its pixels, what it is, and how large.</summary>
    private static MultiTaskBatch Draw(int rows, int seed)
    {
        var random = new Random(seed);
        var images = new float[rows * 3 * Side * Side];
        var boxes = new float[rows * 4];
        var masks = new float[rows * Side * Side];
        var shapes = new long[rows];
        var sizes = new float[rows];
        for (var row = 0; row < rows; row++)
        {
            var half = random.Next(5, 10);
            var (x, y) = (random.Next(half, Side - half), random.Next(half, Side - half));
            shapes[row] = random.Next(2);
            sizes[row] = half / 10f;
            float[] sides = [x - half, y - half, x + half, y + half];
            for (var side = 0; side < 4; side++)
            {
                boxes[(row * 4) + side] = sides[side] / Side;
            }

            for (var pixel = 0; pixel < Side * Side; pixel++)
            {
                var (dx, dy) = ((pixel % Side) + 0.5 - x, (pixel / Side) + 0.5 - y);
                var (far, round) = (Math.Max(Math.Abs(dx), Math.Abs(dy)), Math.Sqrt((dx * dx) + (dy * dy)));
                var inside = shapes[row] == 0 ? round < half : far < half && far > half - 3;
                masks[(row * Side * Side) + pixel] = inside ? 1 : 0;
                for (var channel = 0; channel < 3; channel++)
                {
                    images[(((row * 3) + channel) * Side * Side) + pixel] =
                        (inside ? 1 : 0) + ((float)random.NextDouble() * 0.6f);
                }
            }
        }

        return MultiTaskBatch.Shared(
            Tasks.All,
            torch.tensor(images).view(rows, 3, Side, Side),
            [
                TaskTarget.Of(torch.tensor(boxes).view(rows, 4)),
                TaskTarget.Of(torch.tensor(masks).view(rows, 1, Side, Side)),
                TaskTarget.Of(torch.tensor(shapes)),
                TaskTarget.Of(torch.tensor(sizes).view(rows, 1)),
            ]
        );
    }
}
