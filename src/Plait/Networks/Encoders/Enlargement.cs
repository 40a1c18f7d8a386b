using static TorchSharp.torch.nn;

namespace Plait.Networks.Encoders;

/// <summary>Brings maps to one size, bilinearly, pixels' corners not aligned.</summary>
/// <param name="height">Rows of pixels of the result.</param>
/// <param name="width">Pixels in a row of the result.</param>
public sealed class Enlargement(long height, long width) : Module<Tensor, Tensor>(nameof(Enlargement))
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => Resize(input, height, width);

    /// <summary>A map at a size; itself where it has that size.</summary>
    /// <param name="map">[rows, channels, h, w].</param>
    /// <param name="height">Rows of pixels of the result.</param>
    /// <param name="width">Pixels in a row of the result.</param>
    public static Tensor Resize(Tensor map, long height, long width)
    {
        ArgumentNullException.ThrowIfNull(map);
        return map.size(2) == height && map.size(3) == width
            ? map.alias()
            : functional.interpolate(
                map,
                size: [height, width],
                mode: torch.InterpolationMode.Bilinear,
                align_corners: false
            );
    }
}
