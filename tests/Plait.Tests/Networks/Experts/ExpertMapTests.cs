using Plait.Catalogue;
using Plait.Data;
using Plait.Networks;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;

namespace Plait.Tests.Networks.Experts;

/// <summary>Experts on encoders that end in a map.</summary>
[Collection("torch")]
public sealed class ExpertMapTests
{
    private static readonly TaskSet Mixed = new(
        LearningTask.Classification("kind", 3),
        new LearningTask("mask", new Numeric(layout: Layout.Pixel), new SquaredError(), [new MeanSquaredError()])
    );

    [Theory]
    [InlineData("omoe")]
    [InlineData("mmoe")]
    [InlineData("cgc")]
    [InlineData("ple")]
    [InlineData("dselect-k")]
    [InlineData("dselect-k:per-example=true")]
    [InlineData("snr")]
    [InlineData("snr:connection=average")]
    public void Vector_and_dense_tasks_learn_from_mixtures_of_maps(string specification)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        using var network = MethodCatalog.Create<MultiTaskNetwork>(specification, Mixed, new MapEncoder());
        using var batch = MultiTaskBatch.Unlabelled(Mixed.All, torch.randn(6, 2, 5, 4));
        var outputs = network.Forward(batch, Mixed.All);
        Assert.Equal([6L, 3], outputs[0].shape);
        Assert.Equal([6L, 1, 5, 4], outputs[1].shape);
        Assert.Equal([6L, .. network.FeatureSpecOf(1)!.Shape!], outputs.FeaturesOf(1)!.Values.shape);
        Assert.Equal(3, network.FeatureSpecOf(1)!.Shape!.Count);
        outputs[0].square().mean().add(outputs[1].square().mean()).backward();
        Assert.All(network.SharedParameters, p => Assert.True(p.grad!.abs().max().item<float>() > 0));
        Assert.All(network.ParametersOf(1), p => Assert.NotNull(p.grad));
    }

    [Fact]
    public void Experts_look_at_neighbours_and_nothing_farther()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        var group = new Plait.Networks.Experts.ExpertGroup(3, [2, 7, 7], [4]);
        var map = torch.zeros(1, 2, 7, 7);
        var changed = map.clone();
        changed[0, 0, 3, 3] = 1;
        var touched = (group.call(changed) - group.call(map)).abs().sum([0, 1, 2]).gt(0); // [7, 7]
        Assert.True(touched.sum().item<long>() <= 9);
        Assert.True(touched.narrow(0, 2, 3).narrow(1, 2, 3).sum().item<long>() >= 8);
    }

    /// <summary>Encoder and heads are counted as elsewhere: 3 x 2 x 9 weights a pixel; 3 classes and a head of two convolutions, 32 wide.</summary>
    [Theory]
    [InlineData("mmoe:experts=4,expert-widths=5", (4 * 5 * 3 * 9 * 20) + (2 * 4 * (3 + 100)))]
    [InlineData("omoe:experts=4,expert-widths=5", (4 * 5 * 3 * 9 * 20) + (4 * (3 + 100)))]
    [InlineData("cgc:own-experts=1,shared-experts=2,expert-widths=5", (4 * 5 * 3 * 9 * 20) + (2 * 3 * (3 + 100)))]
    [InlineData(
        "ple:own-experts=1,shared-experts=2,expert-widths=5",
        (4 * 5 * 3 * 9 * 20) + (10 * (3 + 100)) + (4 * 5 * 5 * 9 * 20) + (6 * (5 + 100))
    )]
    [InlineData("dselect-k:experts=4,expert-widths=5", (4 * 5 * 3 * 9 * 20) + (2 * 4 * 100))]
    [InlineData("snr:sub-networks=4,widths=5", (4 * 5 * 3 * 9 * 20) + (2 * 5 * 20 * 20))]
    [InlineData("snr:sub-networks=4,widths=5,connection=average", (4 * 5 * 3 * 9 * 20) + (2 * 4 * 5 * 20))]
    public void Batched_multiply_adds_are_counted_though_no_module_of_them_is_called(string specification, long mixing)
    {
        using var network = MethodCatalog.Create<MultiTaskNetwork>(specification, Mixed, new MapEncoder());
        var elsewhere = (3 * 2 * 9 * 20) + (5 * 3) + (((5 * 9 * 32) + 32) * 20);
        Assert.Equal(elsewhere + mixing, Macs.Of(network, [2, 5, 4]));
    }
}
