using Plait.Networks.Encoders;
using Plait.Networks.Experts;
using static Plait.Tests.Networks.ArchitectureCases;

namespace Plait.Tests.Networks.Experts;

[Collection("torch")]
public sealed class OneGateMixtureOfExpertsTests
{
    [Fact]
    public void All_heads_read_the_mixture_of_one_gate()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        using var network = new OneGateMixtureOfExperts(Three, new Mlp(Inputs, []), experts: 5, [4, 3]);
        using var batch = Batch(Three.All);
        var outputs = network.Forward(batch, Three.All);
        var state = network.state_dict();
        var expected = SlowExperts.Mix(
            SlowExperts.Gate(state["gate.weight"], batch.Input),
            [.. Enumerable.Range(0, 5).Select(i => SlowExperts.Expert(state, "expertLayers", i, 5, batch.Input))]
        );
        for (var task = 0; task < 3; task++)
        {
            Assert.True(expected.allclose(outputs.FeaturesOf(task)!.Values, 1e-5, 1e-6));
        }
    }

    [Fact]
    public void Its_representation_is_that_mixture_alone()
    {
        using var scope = torch.NewDisposeScope();
        using var network = new OneGateMixtureOfExperts(Three, new Mlp(Inputs, [4]));
        using var batch = Batch(Three.All);
        Assert.Equal(
            [5L, 64],
            Assert.Single(network.Forward(batch, Three.All, cut: true).Representation!.Values).shape
        );
        Assert.Equal(64, network.RepresentationChannels);
    }
}
