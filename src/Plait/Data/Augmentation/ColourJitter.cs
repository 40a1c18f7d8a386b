namespace Plait.Data.Augmentation;

/// <summary>Random changes of an image's colours, which leave every target as it is.</summary>
/// <remarks>
/// Each strength s draws a factor evenly from 1 - s to 1 + s: brightness multiplies the pixels, contrast their distance from the
/// image's mean grey, saturation their distance from their own grey. They come in this order, and the result stays within 0 and 1.
/// </remarks>
/// <param name="Brightness">From 0 (none) to 1.</param>
/// <param name="Contrast">From 0 (none) to 1.</param>
/// <param name="Saturation">From 0 (none) to 1; for images of three channels only.</param>
public sealed record ColourJitter(double Brightness = 0, double Contrast = 0, double Saturation = 0)
{
    private static readonly double[] Luma = [0.299, 0.587, 0.114]; // ITU-R BT.601

    /// <summary>Changes one image.</summary>
    /// <param name="image">[channels, height, width], from 0 to 1.</param>
    /// <param name="chance">Where the factors come from; always three are drawn.</param>
    /// <returns>A tensor of the caller's dispose scope.</returns>
    internal Tensor Apply(Tensor image, Random chance)
    {
        using var scope = torch.NewDisposeScope();
        var (brightness, contrast, saturation) = (
            Factor(Brightness, chance),
            Factor(Contrast, chance),
            Factor(Saturation, chance)
        );
        var changed = image.mul(brightness);
        if (contrast != 1)
        {
            var mean = Grey(changed).mean();
            changed = changed.sub(mean).mul(contrast).add(mean);
        }

        if (saturation != 1 && image.size(0) == Luma.Length)
        {
            var grey = Grey(changed);
            changed = changed.sub(grey).mul(saturation).add(grey);
        }

        return changed.clamp(0, 1).MoveToOuterDisposeScope();
    }

    private static double Factor(double strength, Random chance) => 1 + (strength * ((2 * chance.NextDouble()) - 1));

    private static Tensor Grey(Tensor image) =>
        image.size(0) == Luma.Length
            ? image.mul(torch.tensor(Luma, image.dtype, image.device).view(Luma.Length, 1, 1)).sum(0L, keepdim: true)
            : image.mean([0L], keepdim: true);
}
