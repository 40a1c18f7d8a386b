using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Conditional;

/// <summary>One parameter of several networks of the same make, and what lies between them.</summary>
internal sealed class EndpointTensor : Module
{
    private readonly Parameter values; // [networks, ...]

    public EndpointTensor(IEnumerable<Tensor> ofNetworks)
        : base(nameof(EndpointTensor))
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        values = new Parameter(torch.stack([.. ofNetworks]));
        RegisterComponents();
        values.DetachFromDisposeScope();
    }

    /// <summary>The weighted sum over the networks.</summary>
    /// <param name="shares">[1, networks].</param>
    public Tensor At(Tensor shares) => shares.mm(values.flatten(1)).view(values.shape[1..]);
}
