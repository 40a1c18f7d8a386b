using Plait.Networks.Encoders;
using Plait.Networks.TaskRouting;
using static Plait.Tests.Networks.ArchitectureCases;
using static Plait.Tests.Networks.SingleTasking.SmallMaps;

namespace Plait.Tests.Networks.TaskRouting;

[Collection("torch")]
public sealed class ModulatedNetworkTests
{
    [Fact]
    public void It_starts_as_the_encoder_that_it_is_given()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        using var encoder = Trained();
        using var network = new ModulatedNetwork(Two, encoder);
        network.eval();
        var images = Images(3);
        Assert.Equal(0, Difference(encoder.Features(images), Run(network, images, 0, 1).FeaturesOf(1)!.Values), 1e-5);
    }

    [Fact]
    public void Every_stage_is_scaled_by_the_tasks_numbers()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        var encoder = new Mlp(Inputs, [8, 7]);
        using var network = new ModulatedNetwork(Three, encoder);
        using var batch = ArchitectureCases.Batch(Three.All);
        using (torch.no_grad())
        {
            network.ScaleOf(1, 0).copy_(torch.randn(8));
            network.ScaleOf(1, 1).copy_(torch.randn(7));
        }

        var outputs = network.Forward(batch, Three.All);
        var first = encoder.Stages[0].call(batch.Input);
        var scaled = encoder.Stages[1].call(first * network.ScaleOf(1, 0)) * network.ScaleOf(1, 1);
        Assert.Equal(0, Difference(scaled, outputs.FeaturesOf(1)!.Values), 1e-6);
        Assert.Equal(0, Difference(encoder.Stages[1].call(first), outputs.FeaturesOf(0)!.Values), 1e-6);
    }

    [Fact]
    public void A_channel_of_a_map_has_one_number_for_all_pixels()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(3);
        using var network = new ModulatedNetwork(Two, Trained());
        network.eval();
        Assert.Equal([8L, 1, 1], network.ScaleOf(0, 2).shape);
        using (torch.no_grad())
        {
            network.ScaleOf(0, 2)[3].zero_();
        }

        var outputs = Run(network, Images(2), 0, 1);
        Assert.Equal(0, outputs.FeaturesOf(0)!.Values.select(1, 3).abs().max().item<float>());
        Assert.NotEqual(0, outputs.FeaturesOf(1)!.Values.select(1, 3).abs().max().item<float>());
    }

    [Fact]
    public void A_task_of_other_images_has_running_statistics_of_its_own()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(4);
        using var network = new ModulatedNetwork(Two, Trained());
        var images = Images(3);
        network.eval();
        var (first, second) = (Run(network, images, 0)[0], Run(network, images, 1)[1]);
        var stem = network.named_buffers().Where(pair => pair.name.Contains("stages.0")).ToArray();
        var kept = stem.Select(pair => pair.buffer.clone()).ToArray();
        network.train();
        Run(network, Images(16) * 4, 0);
        foreach (var (pair, value) in stem.Zip(kept))
        {
            pair.buffer.copy_(value); // what enters is shared
        }

        network.eval();
        Assert.Equal(0, Difference(second, Run(network, images, 1)[1]));
        Assert.NotEqual(0, Difference(first, Run(network, images, 0)[0]));
    }
}
