namespace Plait.Networks.Encoders;

/// <summary>Draws together what stands at the steps of sequences.</summary>
internal static class Steps
{
    /// <summary>The steps that count, one after the other, as rows; what has no axis of steps stays as it is.</summary>
    /// <param name="values">[rows, channels, steps], or of other axes.</param>
    /// <param name="mask">Which steps count, bool [rows, steps]; null for all.</param>
    /// <returns>[steps of all rows, channels].</returns>
    public static Tensor Counted(Tensor values, Tensor? mask)
    {
        if (values.dim() != 3)
        {
            return values;
        }

        var rows = values.transpose(1, 2).reshape(-1, values.size(1));
        return mask is null ? rows : rows.index_select(0, mask.flatten().nonzero().flatten());
    }
}
