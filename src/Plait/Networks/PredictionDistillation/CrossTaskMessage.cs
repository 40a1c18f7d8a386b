using Plait.Networks.Encoders;
using static TorchSharp.torch.nn;

namespace Plait.Networks.PredictionDistillation;

/// <summary>What one task's features say to one other task in DenseMTL, by self-attention and by correlation with the receiver.</summary>
/// <remarks>
/// Lopes et al. 2023, section 3.1 (cross-task attention): features for this receiver are extracted by a 3 x 3 convolution; half as many
/// channels of gated ones and as many of <see cref="SpatialCrossAttention"/> are projected together to the width they had.
/// </remarks>
internal sealed class CrossTaskMessage : Module
{
    private readonly Module<Tensor, Tensor> extraction;
    private readonly GatedMessage? self;
    private readonly SpatialCrossAttention? cross;
    private readonly Module<Tensor, Tensor> projection;

    /// <summary>Builds the layers.</summary>
    public CrossTaskMessage(long channels, int downscale, CrossTaskAttention attention)
        : base(nameof(CrossTaskMessage))
    {
        var half = channels / 2;
        extraction = Sequential(Conv2d(channels, channels, 3, padding: 1), ReLU());
        self = attention == CrossTaskAttention.Correlation ? null : new GatedMessage(channels, half);
        cross = attention == CrossTaskAttention.Self ? null : new SpatialCrossAttention(channels, downscale);
        var both = (self is null ? 0 : half) + (cross is null ? 0 : channels);
        projection = Sequential(ConvolutionUnits.Plain.Unit(new(both, channels, 1)), ReLU());
        RegisterComponents();
    }

    /// <summary>[rows, channels, height, width], as both features.</summary>
    public Tensor Say(Tensor source, Tensor target)
    {
        using var scope = torch.NewDisposeScope();
        var extracted = extraction.call(source);
        Tensor[] parts =
        [
            .. self is null ? [] : new[] { self.call(extracted) },
            .. cross is null ? [] : new[] { cross.call(target, extracted) },
        ];
        return projection.call(parts.Length == 1 ? parts[0] : torch.cat(parts, 1)).MoveToOuterDisposeScope();
    }
}

/// <summary>By what a message between tasks of DenseMTL is chosen.</summary>
public enum CrossTaskAttention
{
    /// <summary>By both, as in the paper.</summary>
    Both,

    /// <summary>By gates that the source alone sets.</summary>
    Self,

    /// <summary>By the correlation of source and receiver, pixel by pixel.</summary>
    Correlation,
}
