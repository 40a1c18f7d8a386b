using Plait.Catalogue;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Encoders;

/// <summary>Fully connected layers with ReLU and dropout; each layer is a stage.</summary>
[Method("mlp", Survey = "2", Summary = "Fully connected encoder: linear, ReLU and dropout for each width.")]
public sealed class Mlp : Encoder
{
    private readonly int[] widths;
    private readonly double dropout;

    /// <summary>Builds the layers.</summary>
    /// <param name="inputs">Features a row.</param>
    /// <param name="widths">The width of each layer, from the input up.</param>
    /// <param name="dropout">The share of each layer's outputs that is dropped in training, from 0 to below 1.</param>
    public Mlp(long inputs, int[]? widths = null, double dropout = 0)
        : base(nameof(Mlp), [inputs], Layers(inputs, widths ?? DefaultWidths, dropout))
    {
        this.widths = widths ?? DefaultWidths;
        this.dropout = dropout;
    }

    private static int[] DefaultWidths => [128, 64];

    /// <inheritdoc/>
    public override Encoder Replicate() => new Mlp(InputShape[0], widths, dropout);

    private static IEnumerable<(Module<Tensor, Tensor>, long[])> Layers(long inputs, int[] widths, double dropout)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegative(dropout);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(dropout, 1);
        foreach (var width in widths)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width, nameof(widths));
            Module<Tensor, Tensor> layer =
                dropout > 0
                    ? Sequential(Linear(inputs, width), ReLU(), Dropout(dropout))
                    : Sequential(Linear(inputs, width), ReLU());
            yield return (layer, [width]);
            inputs = width;
        }
    }
}
