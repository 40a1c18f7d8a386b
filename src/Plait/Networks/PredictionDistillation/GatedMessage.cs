using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.PredictionDistillation;

/// <summary>What one task's features say to another task, each number as far as a gate lets it through: σ(W_g * F) ∘ (W * F).</summary>
/// <remarks>
/// Xu et al. 2018, PAD-Net, distillation module C; DenseMTL calls it self-attention. Both 3 x 3 convolutions are one, and gate
/// and content its two halves.
/// </remarks>
internal sealed class GatedMessage : Module<Tensor, Tensor>
{
    private readonly Conv2d convolution;
    private readonly long outputs;

    /// <summary>Builds the convolution.</summary>
    public GatedMessage(long inputs, long outputs)
        : base(nameof(GatedMessage))
    {
        this.outputs = outputs;
        convolution = Conv2d(inputs, 2 * outputs, 3, padding: 1, bias: false);
        RegisterComponents();
    }

    /// <summary>[rows, inputs, height, width] to [rows, outputs, height, width].</summary>
    public override Tensor forward(Tensor features)
    {
        using var both = convolution.call(features);
        return both.narrow(1, 0, outputs).sigmoid().mul(both.narrow(1, outputs, outputs));
    }
}
