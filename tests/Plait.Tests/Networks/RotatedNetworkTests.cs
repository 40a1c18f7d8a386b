using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using static Plait.Tests.Networks.ArchitectureCases;

namespace Plait.Tests.Networks;

[Collection("torch")]
public sealed class RotatedNetworkTests
{
    [Fact]
    public void It_starts_as_hard_parameter_sharing()
    {
        using var scope = torch.NewDisposeScope();
        using var network = new RotatedNetwork(Three, new Mlp(Inputs, [8, 7]));
        Assert.Equal(0, (network.RotationOf(1) - torch.eye(7)).abs().max().item<float>());
    }

    [Fact]
    public void What_it_learns_stays_a_rotation()
    {
        using var scope = torch.NewDisposeScope();
        using var network = new RotatedNetwork(Three, new Mlp(Inputs, [8, 7]));
        network.to(ScalarType.Float64);
        using var noGrad = torch.no_grad();
        network.AnglesOf(0).copy_(torch.randn(7, 7, ScalarType.Float64) * 3);

        var rotation = network.RotationOf(0);

        Assert.InRange((rotation.mm(rotation.t()) - torch.eye(7)).abs().max().item<double>(), 0, 1e-12);
        Assert.Equal(1, torch.linalg.det(rotation).item<double>(), 1e-12);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(3)]
    public void Every_parameters_gradient_is_that_of_finite_differences(int? rotatedWidth)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(3);
        using var network = new RotatedNetwork(Three, new Mlp(Inputs, [8, 7]), rotatedWidth: rotatedWidth);
        network.to(ScalarType.Float64);
        using (torch.no_grad())
        {
            for (var task = 0; task < Three.Count; task++)
            {
                network.AnglesOf(task).copy_(torch.randn_like(network.AnglesOf(task)) * 0.3);
            }
        }

        using var batch = Batch(Three.All, type: ScalarType.Float64);
        FiniteDifference.AssertGradients(
            network.parameters().Cast<TorchSharp.Modules.Parameter>(),
            () =>
            {
                var outputs = network.Forward(batch, Three.All);
                return Scalar(outputs[0]) + Scalar(outputs[1]) + Scalar(outputs[2]);
            }
        );
    }

    [Fact]
    public void Rotations_learn_at_a_rate_of_their_own()
    {
        using var network = new RotatedNetwork(Three, new Mlp(Inputs, [8, 7]), rotationRate: 0.25);
        Assert.Equal(0.25, network.ScaleOf(network.AnglesOf(2)));
        Assert.All(network.SharedParameters, parameter => Assert.Equal(1, network.ScaleOf(parameter)));
    }

    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(8, 0.1)]
    [InlineData(3, 0)]
    public void Options_out_of_range_are_refused(int width, double rate)
    {
        using var encoder = new Mlp(Inputs, [8, 7]);
        Assert.Throws<ArgumentException>(() =>
            new RotatedNetwork(Three, encoder, rotatedWidth: width, rotationRate: rate)
        );
    }
}
