namespace Plait.Data.Augmentation;

/// <summary>What may happen to an image and, with it, to its targets.</summary>
public sealed record ImageAugmentation
{
    /// <summary>The enlargements to draw from, each 1 or more: a window of 1/s of the height and width is cut out anywhere and brought back to size.</summary>
    public IReadOnlyList<double> Scales { get; init; } = [1];

    /// <summary>How often an image is mirrored left to right, from 0 to 1.</summary>
    public double FlipShare { get; init; }

    /// <summary>Changes of colour; null for none.</summary>
    public ColourJitter? Colours { get; init; }

    /// <summary>Enlargement by 1, 1.2 or 1.5, mirrored half of the time.</summary>
    /// <remarks>What PAD-Net (Xu et al. 2018), MTI-Net (Vandenhende et al. 2020) and MTAN's public code use on NYUv2.</remarks>
    public static ImageAugmentation ScaleAndFlip { get; } = new() { Scales = [1, 1.2, 1.5], FlipShare = 0.5 };

    /// <summary>Mirrored half of the time.</summary>
    public static ImageAugmentation Flip { get; } = new() { FlipShare = 0.5 };

    /// <summary>Refuses values that mean nothing.</summary>
    /// <exception cref="ArgumentException">There is no scale, one is below 1, or a share or strength is outside 0 to 1.</exception>
    public void Validate()
    {
        if (Scales.Count == 0 || Scales.Any(scale => !(scale >= 1) || double.IsInfinity(scale)))
        {
            throw new ArgumentException(
                $"Scales are one or more enlargements of 1 or more, such as 1, 1.2, 1.5; got {string.Join(", ", Scales)}."
            );
        }

        double[] shares = [FlipShare, Colours?.Brightness ?? 0, Colours?.Contrast ?? 0, Colours?.Saturation ?? 0];
        if (Array.Exists(shares, share => !(share is >= 0 and <= 1)))
        {
            throw new ArgumentException(
                $"The share of mirrored images and the strengths of brightness, contrast and saturation lie from 0 to 1; got {string.Join(", ", shares)}."
            );
        }
    }
}
