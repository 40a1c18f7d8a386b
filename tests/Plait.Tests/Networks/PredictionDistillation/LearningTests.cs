using Plait.Catalogue;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.PredictionDistillation;

namespace Plait.Tests.Networks.PredictionDistillation;

[Collection("torch")]
public sealed class LearningTests
{
    private const int Steps = 70;

    public static TheoryData<string> Networks =>
        [
            "pad-net",
            "pad-net:distillation=messages",
            "pad-net:distillation=features",
            "pap-net",
            "psd",
            "mti-net",
            "jtrl",
            "dense-mtl",
        ];

    /// <summary>Who always says the wall, or the mean distance, has no pixel of a shape right and is more than 2.5 times as far off.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void Shapes_and_distances_are_learned(string name)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(11);
        using var network = MethodCatalog.Create<MultiTaskNetwork>(
            name,
            DrawnShapes.Both,
            new TinyResNet([3, DrawnShapes.Side, DrawnShapes.Side], width: 8, stages: 2, blocks: 1)
        );
        using var optimizer = torch.optim.Adam(network.parameters(), 0.01);
        for (var step = 0; step < Steps; step++)
        {
            using var inner = torch.NewDisposeScope();
            using var batch = DrawnShapes.Batch(16);
            optimizer.zero_grad();
            var outputs = network.Forward(batch, DrawnShapes.Both.All);
            DrawnShapes
                .Both.SelectMany(
                    (task, place) =>
                        outputs
                            .FurtherOf(place)
                            .Append(outputs[place])
                            .Select(answer => task.Loss.Compute(answer, batch.TargetOf(place)))
                )
                .Aggregate((a, b) => a + b)
                .backward();
            optimizer.step();
        }

        network.eval();
        using var noGrad = torch.no_grad();
        using var test = DrawnShapes.Batch(64);
        var answers = network.Forward(test, DrawnShapes.Both.All);
        var (classes, depths) = (test.TargetOf(0).Values, test.TargetOf(1).Values);
        var right = answers[0].argmax(1).eq(classes);
        for (var kind = 0; kind < 3; kind++)
        {
            var recall = right.masked_select(classes.eq(kind)).to(ScalarType.Float32).mean().item<float>();
            Assert.True(recall > 0.7, $"{recall} of the pixels of class {kind} are right");
        }

        var shapes = classes.unsqueeze(1).gt(0);
        var error = (answers[1] - depths).abs().masked_select(shapes).mean().item<float>();
        var trivial = (depths.mean() - depths).abs().masked_select(shapes).mean().item<float>();
        Assert.True(error < trivial / 2.5, $"distances of shapes are {error} off; the mean of all is {trivial}");
    }
}
