using Plait.Catalogue;
using Plait.Networks;
using Plait.Networks.Encoders;

namespace Plait.Tests.Networks.PredictionDistillation;

[Collection("torch")]
public sealed class LearningTests
{
    private const int Steps = 70;
    private const int StepsAtFullRate = 50;

    /// <summary>Those that read one map get one of 8 x 8 pixels; the others 8 x 8 and 4 x 4.</summary>
    public static TheoryData<string, int> Networks =>
        new()
        {
            { "pad-net", 2 },
            { "pad-net:distillation=features", 2 },
            { "pap-net", 2 },
            { "psd", 2 },
            { "mti-net", 4 },
            { "jtrl", 4 },
            { "dense-mtl", 4 },
        };

    /// <summary>Who always says the wall has a third of the classes right; the mean distance of all pixels is far from that of a shape.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void Shapes_and_distances_are_learned(string name, int outputStride)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(11);
        using var network = MethodCatalog.Create<MultiTaskNetwork>(
            name,
            DrawnShapes.Both,
            new TinyResNet([3, DrawnShapes.Side, DrawnShapes.Side], width: 8, stages: 2, blocks: 1, outputStride)
        );
        using var optimizer = torch.optim.Adam(network.parameters(), 0.01);
        for (var step = 0; step < Steps; step++)
        {
            if (step == StepsAtFullRate)
            {
                optimizer.ParamGroups.Single().LearningRate = 0.002;
            }

            using var inner = torch.NewDisposeScope();
            using var batch = DrawnShapes.Batch(16);
            optimizer.zero_grad();
            var outputs = network.Forward(batch, DrawnShapes.Both.All);
            DrawnShapes
                .Both.SelectMany(
                    (task, place) =>
                        outputs
                            .AuxiliaryOutputsOf(place)
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
        var recall = Enumerable
            .Range(0, 3)
            .Average(kind => right.masked_select(classes.eq(kind)).to(ScalarType.Float32).mean().item<float>());
        Assert.True(recall > 0.6, $"{recall} of a class's pixels are right");

        var shapes = classes.unsqueeze(1).gt(0);
        var error = (answers[1] - depths).abs().masked_select(shapes).mean().item<float>();
        var trivial = (depths.mean() - depths).abs().masked_select(shapes).mean().item<float>();
        Assert.True(error < 0.6 * trivial, $"distances of shapes are {error} off; the mean of all is {trivial}");
    }
}
