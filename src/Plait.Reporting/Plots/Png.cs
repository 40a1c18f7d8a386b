using SkiaSharp;

namespace Plait.Reporting.Plots;

/// <summary>Pictures as PNG.</summary>
internal static class Png
{
    /// <summary>A picture that a page can carry inside.</summary>
    /// <param name="colours">Red, green and blue of each pixel, line by line.</param>
    /// <param name="width">Pixels in a line.</param>
    /// <param name="height">Lines.</param>
    public static string DataUri(ReadOnlySpan<byte> colours, int width, int height)
    {
        var pixels = new byte[4 * width * height];
        for (var i = 0; i < width * height; i++)
        {
            colours.Slice(3 * i, 3).CopyTo(pixels.AsSpan(4 * i));
            pixels[(4 * i) + 3] = byte.MaxValue;
        }

        using var image = SKImage.FromPixelCopy(
            new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul),
            pixels
        );
        using var png = image.Encode(SKEncodedImageFormat.Png, 100);
        return $"data:image/png;base64,{Convert.ToBase64String(png.Span)}";
    }
}
