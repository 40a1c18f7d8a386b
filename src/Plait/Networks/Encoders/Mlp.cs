using Plait.Catalogue;
using Plait.Data;
using Plait.Torch;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Encoders;

/// <summary>Fully connected layers with ReLU and dropout; each layer is a stage, and no layer at all passes the input on.</summary>
[Method("mlp", Survey = "2", Summary = "Fully connected encoder: linear, ReLU and dropout for each width.")]
[Reads(typeof(VectorInput), typeof(ImageInput), typeof(ArrayInput))]
public sealed class Mlp : Encoder
{
    private readonly int[] widths;
    private readonly double dropout;

    /// <summary>Builds the layers.</summary>
    /// <param name="inputs">Numbers a row; rows of more than one axis are laid out flat.</param>
    /// <param name="widths">The width of each layer, from the input up; empty for no layer at all, 128 and 64 when null.</param>
    /// <param name="dropout">The share of each layer's outputs that is dropped in training, from 0 to below 1.</param>
    public Mlp(long inputs, int[]? widths = null, double dropout = 0)
        : base(nameof(Mlp), [inputs], Layers(inputs, widths ?? DefaultWidths, dropout))
    {
        this.widths = widths ?? DefaultWidths;
        this.dropout = dropout;
    }

    private static int[] DefaultWidths => [128, 64];

    /// <inheritdoc/>
    protected override Encoder Another() => AnotherFor(InputShape);

    /// <inheritdoc/>
    protected override Encoder AnotherFor(IReadOnlyList<long> inputShape) =>
        new Mlp(inputShape.Aggregate(1L, (product, size) => product * size), widths, dropout);

    private static IEnumerable<(Module<Tensor, Tensor>, long[])> Layers(long inputs, int[] widths, double dropout)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegative(dropout);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(dropout, 1);
        MemoryRoom.Require(
            widths
                .Zip(widths.Prepend((int)Math.Min(inputs, int.MaxValue)), (width, below) => (below + 1.0) * width)
                .Sum(),
            $"Layers of widths {string.Join('-', widths)} on {inputs} inputs"
        );
        for (var i = 0; i < widths.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(widths[i], nameof(widths));
            Module<Tensor, Tensor>[] layer =
            [
                .. i == 0 ? [Flatten()] : Array.Empty<Module<Tensor, Tensor>>(),
                Linear(inputs, widths[i]),
                ReLU(),
                .. dropout > 0 ? [Dropout(dropout)] : Array.Empty<Module<Tensor, Tensor>>(),
            ];
            yield return (Sequential(layer), [widths[i]]);
            inputs = widths[i];
        }
    }
}
