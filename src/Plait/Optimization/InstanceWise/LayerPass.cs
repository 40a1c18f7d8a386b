using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Optimization.InstanceWise;

/// <summary>One use of a layer in a forward pass: what went in, as the matrix that the weights multiply, and what came out.</summary>
/// <remarks>
/// A linear layer and a convolution are one thing here: at each position of a row of the batch, the output is the weight matrix
/// times a patch of the input. So a row's gradient is D'X, with X its patches [positions, patch] and D the gradient by its outputs
/// [positions, channels].
/// </remarks>
internal abstract class LayerPass(Tensor input, Tensor output)
{
    /// <summary>What the layer gave, tied to the graph.</summary>
    public Tensor Output { get; } = output;

    /// <summary>Whether the layer adds a bias.</summary>
    public abstract bool HasBias { get; }

    protected Tensor Input { get; } = input;

    /// <summary>Whether the layer's passes are known: it is linear, or a plain convolution.</summary>
    public static bool Knows(Module layer) =>
        layer is Linear || layer is Conv2d { groups: 1 } convolution && convolution.padding_mode == PaddingModes.Zeros;

    /// <summary>The layer's kind of pass.</summary>
    /// <exception cref="NotSupportedException">The layer has parameters and is neither linear nor a plain convolution.</exception>
    public static Func<Tensor, Tensor, LayerPass> Of(string name, Module layer) =>
        layer switch
        {
            Linear linear => (input, output) => new OfLinear(linear, input, output),
            Conv2d convolution when Knows(convolution) => (input, output) =>
                new OfConvolution(convolution, input, output),
            _ => throw new NotSupportedException(
                $"Instance-wise gradients are known for linear layers and plain convolutions; layer '{name}' is a {layer.GetName()} with parameters of its own."
            ),
        };

    /// <summary>The patches, [rows, positions, patch].</summary>
    public abstract Tensor Patches();

    /// <summary>A gradient by the output in the same order, [rows, positions, channels].</summary>
    public abstract Tensor Positions(Tensor gradient);

    private sealed class OfLinear(Linear layer, Tensor input, Tensor output) : LayerPass(input, output)
    {
        public override bool HasBias => layer.bias is { requires_grad: true };

        public override Tensor Patches() => Input.view(Input.size(0), -1, Input.size(-1));

        public override Tensor Positions(Tensor gradient) => gradient.reshape(gradient.size(0), -1, gradient.size(-1));
    }

    private sealed class OfConvolution(Conv2d layer, Tensor input, Tensor output) : LayerPass(input, output)
    {
        public override bool HasBias => layer.bias is { requires_grad: true };

        public override Tensor Patches() =>
            functional
                .unfold(
                    Input,
                    (layer.kernel_size[0], layer.kernel_size[1]),
                    (layer.dilation[0], layer.dilation[1]),
                    (layer.padding![0], layer.padding[1]),
                    (layer.stride[0], layer.stride[1])
                )
                .transpose(1, 2);

        public override Tensor Positions(Tensor gradient) => gradient.flatten(2).transpose(1, 2);
    }
}
