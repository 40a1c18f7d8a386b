namespace Plait.Data.Augmentation;

/// <summary>What may happen to an image and, with it, to its targets.</summary>
public sealed record ImageAugmentation
{
    private const double LargestZoom = 100;

    /// <summary>The enlargements to draw from, each 1 or more: a window of 1/s of the height and width is cut out anywhere and brought back to size.</summary>
    public IReadOnlyList<double> Scales { get; init; } = [1];

    /// <summary>The largest angle by which an image is turned about its middle, either way, in degrees from 0 (never) to 180; every angle is as likely.</summary>
    public double Rotation { get; init; }

    /// <summary>
    /// The least and the most by which an image is enlarged about its middle, every factor as likely; below 1 it shrinks. Null leaves it to
    /// <see cref="Scales"/>. What a rotation or a reduction brings into view from beyond the image is black, and has no targets.
    /// </summary>
    public (double Least, double Most)? Zoom { get; init; }

    /// <summary>How often an image is mirrored left to right, from 0 to 1.</summary>
    public double FlipShare { get; init; }

    /// <summary>Changes of colour; null for none.</summary>
    public ColourJitter? Colours { get; init; }

    /// <summary>Enlargement by 1, 1.2 or 1.5, mirrored half of the time.</summary>
    /// <remarks>
    /// What PAD-Net (Xu et al. 2018) and MTAN's public code use on NYUv2: a window anywhere. Vandenhende's suite enlarges as much, about the
    /// middle.
    /// </remarks>
    public static ImageAugmentation ScaleAndFlip { get; } = new() { Scales = [1, 1.2, 1.5], FlipShare = 0.5 };

    /// <summary>Turned by up to 20 degrees and enlarged by 0.75 to 1.25 about the middle, mirrored half of the time.</summary>
    /// <remarks>
    /// What Maninis et al. 2019 and Vandenhende et al. 2021 use on PASCAL-Context. In their code labels from beyond the image are 0, so
    /// background and negatives are learned there; here such pixels are missing.
    /// </remarks>
    public static ImageAugmentation RotateScaleAndFlip { get; } =
        new()
        {
            Rotation = 20,
            Zoom = (0.75, 1.25),
            FlipShare = 0.5,
        };

    /// <summary>Mirrored half of the time.</summary>
    public static ImageAugmentation Flip { get; } = new() { FlipShare = 0.5 };

    /// <summary>Whether an image is turned or enlarged about its middle.</summary>
    internal bool IsAboutMiddle => Rotation > 0 || Zoom is not null;

    /// <summary>Whether nothing but mirrors changes an image's geometry.</summary>
    internal bool IsMirrorOnly => !IsAboutMiddle && Scales.All(scale => scale == 1);

    /// <summary>Refuses values that mean nothing.</summary>
    /// <exception cref="ArgumentException">
    /// There is no scale, one is below 1, an angle or a zoom is none, windows are cut out of images that are turned, or a share or strength is
    /// outside 0 to 1.
    /// </exception>
    public void Validate()
    {
        if (Scales.Count == 0 || Scales.Any(scale => !(scale >= 1) || double.IsInfinity(scale)))
        {
            throw new ArgumentException(
                $"Scales are one or more enlargements of 1 or more, such as 1, 1.2, 1.5; got {string.Join(", ", Scales)}."
            );
        }

        if (!(Rotation is >= 0 and <= 180))
        {
            throw new ArgumentException($"A rotation lies from 0 to 180 degrees; got {Rotation}.");
        }

        if (Zoom is var (least, most) && !(least > 0 && least <= most && most <= LargestZoom))
        {
            throw new ArgumentException(
                $"A zoom goes from more than 0 to as much or more, at most {LargestZoom}, such as 0.75-1.25; got {least}-{most}."
            );
        }

        if (IsAboutMiddle && Scales.Any(scale => scale != 1))
        {
            throw new ArgumentException(
                "Images are either enlarged by cutting out windows (scales), or turned and enlarged about their middle (degrees, zoom); leave one of the two out."
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
