using Plait.Networks.Encoders;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Experts;

/// <summary>Several experts of the same make, layer by layer.</summary>
internal sealed class ExpertGroup : Module<Tensor, Tensor>
{
    private static readonly int[] DefaultWidths = [64];

    private readonly ExpertLayer[] layers;

    /// <summary>Builds experts.</summary>
    /// <param name="experts">How many.</param>
    /// <param name="input">What one expert reads: [width] or [channels, height, width].</param>
    /// <param name="widths">The width, or channels, of each layer, as <see cref="WidthsOr"/> gives them.</param>
    public ExpertGroup(int experts, IReadOnlyList<long> input, int[] widths)
        : base(nameof(ExpertGroup))
    {
        layers = new ExpertLayer[widths.Length];
        for (var i = 0; i < layers.Length; i++)
        {
            layers[i] = new ExpertLayer(experts, i == 0 ? input : Shape(input, widths[i - 1]), widths[i]);
            register_module($"{i}", layers[i]);
        }
    }

    /// <summary>What the experts' first layers look for in the input, one row for each unit.</summary>
    public Parameter FirstWeight => layers[0].Weight;

    /// <summary>From [rows, inputs, ...] or [rows, readings, inputs, ...] to [rows, experts, outputs, ...]; see <see cref="ExpertLayer"/>.</summary>
    public override Tensor forward(Tensor input) => Together(input, [this]);

    /// <summary>What the experts of several groups say, group after group.</summary>
    /// <param name="input">[rows, inputs, ...], read by all, or [rows, groups, inputs, ...], one reading each.</param>
    /// <param name="groups">Groups of equally many experts, where each has a reading of its own.</param>
    public static Tensor Together(Tensor input, IReadOnlyList<ExpertGroup> groups)
    {
        for (var i = 0; i < groups[0].layers.Length; i++)
        {
            input = ExpertLayer.Together(input, [.. groups.Select(group => group.layers[i])]);
        }

        return input;
    }

    /// <summary>What one expert says, or a mixture of several: [width], or [channels, height, width].</summary>
    public static long[] Shape(IReadOnlyList<long> input, int width) => [width, .. input.Skip(1)];

    /// <summary>What experts with these widths say of an encoder's features; see <see cref="Shape"/>.</summary>
    public static long[] Mixed(Encoder encoder, int[]? expertWidths)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        return Shape(encoder.OutputShape, WidthsOr(expertWidths)[^1]);
    }

    /// <summary>The given widths of an expert's layers, or one layer of 64.</summary>
    /// <exception cref="ArgumentException">There is no layer, or one without a positive width.</exception>
    public static int[] WidthsOr(int[]? expertWidths)
    {
        var widths = expertWidths ?? DefaultWidths;
        return widths.Length > 0 && Array.TrueForAll(widths, width => width > 0)
            ? widths
            : throw new ArgumentException(
                $"An expert has one layer or more, each of positive width, such as 64; got [{string.Join(", ", widths)}].",
                nameof(expertWidths)
            );
    }
}
