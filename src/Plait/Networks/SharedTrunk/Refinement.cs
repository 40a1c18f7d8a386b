using Plait.Networks.Encoders;
using static TorchSharp.torch.nn;

namespace Plait.Networks.SharedTrunk;

/// <summary>A residual bottleneck with a projection, as it takes what tasks picked from one stage to the next; linear layers on vectors.</summary>
internal sealed class Refinement : Module<Tensor, Tensor>
{
    private const long Expansion = 4; // channels that a bottleneck gives over those inside it: He et al. 2016, figure 5 right

    private readonly Module<Tensor, Tensor> residual;
    private readonly Module<Tensor, Tensor> shortcut;

    private Refinement(long inputs, long outputs, bool onMaps)
        : base(nameof(Refinement))
    {
        var inside = Math.Max(1, outputs / Expansion);
        residual = onMaps
            ? Sequential(
                Unit(inputs, inside, onMaps),
                ReLU(),
                ConvolutionUnits.Plain.Unit(new(inside, inside, 3)),
                ReLU(),
                Unit(inside, outputs, onMaps)
            )
            : Sequential(Unit(inputs, inside, onMaps), ReLU(), Unit(inside, outputs, onMaps));
        shortcut = Unit(inputs, outputs, onMaps);
        RegisterComponents();
    }

    /// <summary>Builds the layer.</summary>
    /// <param name="inputs">Channels of the stage.</param>
    /// <param name="outputs">Channels of the next stage.</param>
    /// <param name="onMaps">Whether the stage's features are maps.</param>
    /// <param name="kind">What it is like.</param>
    public static Module<Tensor, Tensor> Build(long inputs, long outputs, bool onMaps, AttentionRefinement kind) =>
        kind == AttentionRefinement.Bottleneck ? new Refinement(inputs, outputs, onMaps)
        : onMaps ? Sequential(ConvolutionUnits.Plain.Unit(new(inputs, outputs, 3)), ReLU())
        : Sequential(Unit(inputs, outputs, onMaps), ReLU());

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => (residual.call(input) + shortcut.call(input)).relu_();

    private static Module<Tensor, Tensor> Unit(long inputs, long outputs, bool onMaps) =>
        onMaps
            ? ConvolutionUnits.Plain.Unit(new(inputs, outputs, 1))
            : Sequential(Pointwise.Layer(inputs, outputs, onMaps, bias: false), Pointwise.Norm(outputs, onMaps));
}
