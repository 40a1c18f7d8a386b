using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using static Plait.Tests.Networks.ArchitectureCases;

namespace Plait.Tests.Networks.SharedTrunk;

[Collection("torch")]
public sealed class TcdcnTests
{
    [Fact]
    public void Features_are_the_absolute_tangent_of_one_shared_layer()
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = new Mlp(Inputs, [4]);
        using var network = new Tcdcn(Three, encoder, features: 5);
        using var batch = Batch(Three.All);
        var state = network.state_dict();
        var sums = torch.nn.functional.linear(encoder.call(batch.Input), state["layer.weight"], state["layer.bias"]);
        var outputs = network.Forward(batch, Three.All);
        Assert.True(sums.tanh().abs().allclose(outputs.FeaturesOf(1)!.Values));
        Assert.True(
            torch
                .nn.functional.linear(sums.tanh().abs(), state["heads.1.weight"], state["heads.1.bias"])
                .allclose(outputs[1], 1e-5, 1e-6)
        );
    }

    [Fact]
    public void On_maps_the_layer_looks_at_one_pixel()
    {
        using var scope = torch.NewDisposeScope();
        var tasks = TasksOf("tcdcn on maps");
        using var network = new Tcdcn(tasks, new TinyResNet([3, 16, 16], 4, 2, 1), features: 5);
        using var batch = MultiTaskBatch.Unlabelled(tasks.All, torch.randn(2, 3, 16, 16));
        Assert.Equal([2L, 5, 4, 4], network.Forward(batch, tasks.All).FeaturesOf(0)!.Values.shape);
        Assert.Equal([5L, 4, 4], network.FeatureSpecOf(2)!.Shape!);
    }
}
