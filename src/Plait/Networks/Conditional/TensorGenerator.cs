using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Conditional;

/// <summary>One linear layer for each tensor of another module, from features of the preference to the tensor's numbers.</summary>
/// <remarks>
/// Its biases start as the tensors of a network that was initialised as usual, so that what is generated has the right scale for
/// every width; a preference then changes it. The features are divided by the root of their number, so that a step of an optimizer
/// moves what is generated about as far as it would move a parameter.
/// </remarks>
internal sealed class TensorGenerator : Module
{
    private readonly ModuleList<Linear> layers;
    private readonly long[][] shapes;

    public TensorGenerator(long features, IReadOnlyList<Parameter> initial)
        : base(nameof(TensorGenerator))
    {
        shapes = [.. initial.Select(tensor => tensor.shape)];
        layers = new ModuleList<Linear>([.. initial.Select(tensor => Linear(features, tensor.numel()))]);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        for (var i = 0; i < shapes.Length; i++)
        {
            layers[i].bias!.copy_(initial[i].flatten());
        }

        RegisterComponents();
    }

    /// <summary>The tensors, tied to the features.</summary>
    /// <param name="features">[1, features].</param>
    public IReadOnlyList<Tensor> Generate(Tensor features)
    {
        var scaled = features.div(Math.Sqrt(features.shape[1]));
        return [.. shapes.Select((shape, i) => layers[i].call(scaled).view(shape))];
    }
}
