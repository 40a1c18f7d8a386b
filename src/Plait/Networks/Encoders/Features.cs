namespace Plait.Networks.Encoders;

/// <summary>What passes from an encoder to the heads: numbers, and which of their places count.</summary>
/// <remarks>
/// A <see cref="FeatureSpec"/> describes them. A tensor converts to features all of whose places count. Whoever draws features of different
/// lengths together does it by <see cref="Pooled"/> or <see cref="Counted"/>, so that a row means the same however long the others are.
/// </remarks>
/// <param name="Values">[rows, width], [rows, channels, height, width] or [rows, channels, steps].</param>
/// <param name="Mask">Which steps of a sequence count, bool [rows, steps]; null where all places do.</param>
public sealed record Features(Tensor Values, Tensor? Mask = null)
{
    /// <summary>Features all of whose places count.</summary>
    public static implicit operator Features(Tensor values) => new(values);

    /// <summary>The mean over the places that count, [rows, channels]; a vector is its own. Zeros for a row without a step.</summary>
    public Tensor Pooled()
    {
        if (Values.dim() == 2)
        {
            return Values;
        }

        if (Mask is not { } mask)
        {
            return Values.mean([.. Enumerable.Range(2, (int)Values.dim() - 2).Select(axis => (long)axis)]);
        }

        var counted = mask.to(Values.dtype).unsqueeze(1);
        return Values.mul(counted).sum(2L).div(counted.sum(2L).clamp_min(1));
    }

    /// <summary>The steps that count, one after the other, as rows: [steps of all rows, channels]. Vectors and maps stay as they are.</summary>
    public Tensor Counted() => Steps.Counted(Values, Mask);

    /// <summary>Each row as one vector: a sequence by its mean, anything else laid out flat.</summary>
    public Tensor Flat() => Values.dim() == 3 ? Pooled() : Values.flatten(1);
}
