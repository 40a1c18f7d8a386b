using Plait.Networks.Encoders;

namespace Plait.Networks.CrossTalk;

/// <summary>Brings what an earlier stage gave to the size of what a later one gave.</summary>
internal static class Alignment
{
    /// <summary>Bilinear resizing between maps, the mean over all pixels from a map to a vector; channels stay.</summary>
    /// <param name="earlier">[rows, channels, h, w] or [rows, channels].</param>
    /// <param name="later">[rows, other channels, h', w'] or [rows, other channels].</param>
    public static Tensor Fit(Tensor earlier, Tensor later) =>
        (earlier.dim(), later.dim()) switch
        {
            (4, 4) => Enlargement.Resize(earlier, later.size(2), later.size(3)),
            (4, _) => earlier.mean([2, 3]),
            _ => earlier,
        };
}
