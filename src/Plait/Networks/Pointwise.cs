using Plait.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks;

/// <summary>Layers that treat every pixel of a map alike, and a vector as one pixel: 1 x 1 convolutions, or linear layers.</summary>
internal static class Pointwise
{
    /// <summary>From [rows, inputs, h, w] to [rows, outputs, h, w], or from [rows, inputs] to [rows, outputs].</summary>
    public static Module<Tensor, Tensor> Layer(long inputs, long outputs, bool onMaps, bool bias = true)
    {
        MemoryRoom.Require((inputs + 1.0) * outputs, $"Layers from {inputs} to {outputs} channels");
        return onMaps ? Conv2d(inputs, outputs, 1, bias: bias) : Linear(inputs, outputs, hasBias: bias);
    }

    /// <summary>Batch normalisation of channels.</summary>
    public static Module<Tensor, Tensor> Norm(long channels, bool onMaps, double momentum = 0.1) =>
        onMaps ? BatchNorm2d(channels, momentum: momentum) : new RowNorm(channels, momentum);

    /// <summary>The weight of a <see cref="Layer"/>.</summary>
    public static Parameter WeightOf(Module<Tensor, Tensor> layer) => layer.get_parameter("weight")!;

    /// <summary>Batch normalisation of vectors, which a lone row in training passes by the running statistics: it has none of its own.</summary>
    private sealed class RowNorm : Module<Tensor, Tensor>
    {
        private readonly BatchNorm1d norm;

        public RowNorm(long channels, double momentum)
            : base(nameof(RowNorm))
        {
            norm = BatchNorm1d(channels, momentum: momentum);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) =>
            training && input.size(0) == 1
                ? functional.batch_norm(input, norm.running_mean, norm.running_var, norm.weight, norm.bias)
                : norm.call(input);
    }
}
