using static TorchSharp.torch.nn;

namespace Plait.Networks.SharedTrunk;

/// <summary>Cuts boxes out of maps and puts them back, so that gradients reach the boxes too.</summary>
/// <remarks>
/// Both sample bilinearly at a grid of points whose places are functions of the box (Jaderberg et al. 2015, <i>Spatial Transformer Networks</i>,
/// equation 1). A box is [rows, 4]: left, top, right and bottom side as fractions of the image.
/// </remarks>
internal static class Region
{
    private const double Smallest = 1e-3; // a box thinner than that is taken for so thick: sizes are divided by

    /// <summary>What lies in each row's box, [rows, channels, side, side]; beyond the map its edge goes on.</summary>
    /// <param name="map">[rows, channels, h, w].</param>
    /// <param name="box">[rows, 4].</param>
    /// <param name="side">Points of a side.</param>
    public static Tensor CutOut(Tensor map, Tensor box, long side)
    {
        var cells = Centres(side, map); // from 0 to 1 within the box
        var x = box.narrow(1, 0, 1) + (cells * Extent(box, 0)); // [rows, side]
        var y = box.narrow(1, 1, 1) + (cells * Extent(box, 1));
        return functional.grid_sample(
            map,
            Grid(x, y),
            torch.GridSampleMode.Bilinear,
            torch.GridSamplePaddingMode.Border,
            align_corners: false
        );
    }

    /// <summary>The image whose boxes hold the regions, [rows, channels, height, width].</summary>
    /// <param name="region">[rows, channels, side, side].</param>
    /// <param name="box">[rows, 4].</param>
    /// <param name="outside">The values outside of the boxes, [channels].</param>
    /// <param name="height">Rows of pixels of the image.</param>
    /// <param name="width">Pixels in a row of the image.</param>
    public static Tensor PutBack(Tensor region, Tensor box, Tensor outside, long height, long width)
    {
        var x = (Centres(width, region) - box.narrow(1, 0, 1)) / Extent(box, 0); // [rows, width], 0 to 1 within the box
        var y = (Centres(height, region) - box.narrow(1, 1, 1)) / Extent(box, 1);
        var background = outside.view(1, -1, 1, 1);
        return functional.grid_sample(
                region - background,
                Grid(x, y),
                torch.GridSampleMode.Bilinear,
                torch.GridSamplePaddingMode.Zeros,
                align_corners: false
            ) + background;
    }

    private static Tensor Extent(Tensor box, long axis) =>
        (box.narrow(1, axis + 2, 1) - box.narrow(1, axis, 1)).clamp_min(Smallest);

    /// <summary>The middles of equal parts of the stretch from 0 to 1, [1, parts].</summary>
    private static Tensor Centres(long parts, Tensor like) =>
        torch.arange(parts, like.dtype, like.device).add(0.5).div(parts).unsqueeze(0);

    /// <summary>The points of every x and y, [rows, ys, xs, 2], with the image from -1 to 1.</summary>
    private static Tensor Grid(Tensor x, Tensor y)
    {
        var (columns, rows) = (x.size(1), y.size(1));
        return torch.stack([x.unsqueeze(1).expand(-1, rows, -1), y.unsqueeze(2).expand(-1, -1, columns)], -1) * 2 - 1;
    }
}
