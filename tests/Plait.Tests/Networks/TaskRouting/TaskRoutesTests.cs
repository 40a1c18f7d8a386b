using Plait.Networks.Encoders;
using Plait.Networks.TaskRouting;
using Plait.Training;
using static Plait.Tests.Networks.ArchitectureCases;
using static Plait.Tests.Networks.SingleTasking.SmallMaps;

namespace Plait.Tests.Networks.TaskRouting;

[Collection("torch")]
public sealed class TaskRoutesTests
{
    [Theory]
    [InlineData(0.5, 10, 5)]
    [InlineData(0.7, 10, 7)]
    [InlineData(0.01, 10, 1)]
    [InlineData(1, 10, 10)]
    public void Each_task_uses_its_share_of_every_layer(double share, int width, int used)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        using var network = new TaskRoutes(Three, new Mlp(Inputs, [width, width]), share);
        Assert.Equal(2, network.Masks.Count);
        foreach (var mask in network.Masks)
        {
            Assert.Equal([3L, width], mask.shape);
            Assert.All(mask.sum(dim: 1L).data<float>(), sum => Assert.Equal(used, sum));
            Assert.All(mask.data<float>(), value => Assert.True(value is 0 or 1));
        }
    }

    [Fact]
    public void The_seed_decides_the_routes_and_a_networks_state_holds_them()
    {
        using var scope = torch.NewDisposeScope();
        using var one = Make(seed: 1);
        using var again = Make(seed: 1);
        using var other = Make(seed: 2);
        Assert.Equal(6, one.Masks.Count); // the stem, two convolutions a block and a projection
        Assert.All(one.Masks.Zip(again.Masks), pair => Assert.Equal(0, Difference(pair.First, pair.Second)));
        Assert.Contains(one.Masks.Zip(other.Masks), pair => Difference(pair.First, pair.Second) > 0);
        Assert.NotEqual(0, Difference(one.Masks[0][0], one.Masks[0][1]) + Difference(one.Masks[1][0], one.Masks[1][1]));
        NetworkState.Put(other, NetworkState.Take(one));
        Assert.All(one.Masks.Zip(other.Masks), pair => Assert.Equal(0, Difference(pair.First, pair.Second)));
    }

    [Fact]
    public void A_channel_that_a_task_does_not_use_gets_no_gradient_from_it_and_every_other_one_does()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(3);
        using var network = new TaskRoutes(Three, new Mlp(Inputs, [40, 30]));
        using var batch = ArchitectureCases.Batch(Three.All, rows: 64);
        var first = network.SharedParameters.First(); // [40, inputs]
        for (var task = 0; task < 3; task++)
        {
            network.zero_grad();
            Scalar(network.Forward(batch, Three.All)[task]).backward();
            var reached = first.grad!.abs().sum(dim: 1L).gt(0).to(ScalarType.Float32);
            Assert.Equal(0, Difference(network.Masks[0][task], reached));
        }
    }

    [Fact]
    public void Where_all_share_everything_it_is_one_encoder()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(4);
        var encoder = new Mlp(Inputs, [8, 7]);
        using var network = new TaskRoutes(Three, encoder, share: 1);
        using var batch = ArchitectureCases.Batch(Three.All);
        var outputs = network.Forward(batch, Three.All);
        Assert.Equal(0, Difference(encoder.Features(batch.Input), outputs.FeaturesOf(2)!.Values));
        using var trained = Trained();
        using var onMaps = new TaskRoutes(Two, trained, share: 1);
        onMaps.eval();
        var images = Images(3);
        Assert.Equal(0, Difference(trained.Features(images), Run(onMaps, images, 1).FeaturesOf(1)!.Values), 1e-5);
    }

    /// <summary>With statistics of all tasks in one, evaluation would normalise by a mixture that no task was trained with.</summary>
    [Fact]
    public void Evaluation_normalises_each_task_as_its_training_did()
    {
        using var scope = torch.NewDisposeScope();
        using var network = Make(seed: 5);
        var images = Images(64);
        for (var pass = 0; pass < 80; pass++)
        {
            using var inner = torch.NewDisposeScope();
            using var noGrad = torch.no_grad();
            Run(network, images, 0, 1);
        }

        var training = Run(network, images, 0, 1);
        network.eval();
        var evaluation = Run(network, images, 0, 1);
        for (var task = 0; task < 2; task++)
        {
            var spread = training[task].std().item<float>();
            Assert.InRange(Difference(training[task], evaluation[task]) / spread, 0, 0.1);
        }
    }

    [Fact]
    public void A_share_out_of_range_is_refused() =>
        Assert.Contains(
            "1.5",
            Assert.Throws<ArgumentException>(() => new TaskRoutes(Three, new Mlp(Inputs, [4]), share: 1.5)).Message
        );

    private static TaskRoutes Make(int seed)
    {
        torch.manual_seed(seed);
        return new TaskRoutes(Two, Trained());
    }
}
