using static TorchSharp.torch.nn;

namespace Plait.Data.Augmentation;

/// <summary>A rotation and enlargement of a map about its middle; what comes into view from beyond its borders is empty.</summary>
/// <remarks>
/// As OpenCV's warpAffine of getRotationMatrix2D, with the middle between the pixels. The depth of a scene does not change when the
/// camera turns about its optical axis, and its directions turn in the image's plane.
/// </remarks>
/// <param name="Angle">Radians, counter-clockwise as one sees it.</param>
/// <param name="Scale">The enlargement; below 1 it is a reduction.</param>
internal readonly record struct Turn(double Angle, double Scale)
{
    /// <summary>The map, [channels, height, width], with values in between mixed, and with 0 beyond its borders.</summary>
    public Tensor Mixed(Tensor map)
    {
        var (height, width) = (map.size(-2), map.size(-1));
        var (x, y) = Sources(height, width);
        var grid = torch.stack([x.mul(2).add(1).div(width).sub(1), y.mul(2).add(1).div(height).sub(1)], -1);
        return functional
            .grid_sample(map.unsqueeze(0), grid.unsqueeze(0).to(map.dtype), align_corners: false) // bilinear, 0 beyond
            .squeeze(0);
    }

    /// <summary>The map, [..., height, width] of any type: each pixel takes the value of the nearest, and 0 beyond the borders.</summary>
    public Tensor Nearest(Tensor map)
    {
        var (height, width) = (map.size(-2), map.size(-1));
        var (x, y) = Sources(height, width);
        var (column, row) = (x.round(), y.round());
        var inside = column.ge(0).logical_and(column.lt(width)).logical_and(row.ge(0)).logical_and(row.lt(height));
        var place = row.clamp(0, height - 1).mul(width).add(column.clamp(0, width - 1)).to(ScalarType.Int64);
        var taken = map.flatten(-2, -1).index_select(-1, place.flatten()).view(map.shape);
        return taken.masked_fill(inside.logical_not(), 0);
    }

    /// <summary>Vectors [3, height, width] as they point after the rotation.</summary>
    /// <param name="vectors">To the right first, then up or down.</param>
    /// <param name="isDown">Whether the second points down, as rows of pixels count.</param>
    public Tensor Vectors(Tensor vectors, bool isDown)
    {
        var (cos, sin) = (Math.Cos(Angle), isDown ? -Math.Sin(Angle) : Math.Sin(Angle));
        var (right, second) = (vectors[0], vectors[1]);
        return torch.stack([right.mul(cos).sub(second.mul(sin)), right.mul(sin).add(second.mul(cos)), vectors[2]]);
    }

    /// <summary>Where a point of the map is afterwards.</summary>
    /// <param name="x">From the left border, in pixels.</param>
    /// <param name="y">From the upper border.</param>
    /// <param name="height">Of the map.</param>
    /// <param name="width">Of the map.</param>
    public (double X, double Y) Place(double x, double y, long height, long width)
    {
        var (cos, sin) = (Scale * Math.Cos(Angle), Scale * Math.Sin(Angle));
        var (right, down) = (x - (width / 2.0), y - (height / 2.0));
        return ((width / 2.0) + (cos * right) + (sin * down), (height / 2.0) - (sin * right) + (cos * down));
    }

    /// <summary>For each pixel afterwards, the column and the row, [height, width] each, that it shows.</summary>
    private (Tensor X, Tensor Y) Sources(long height, long width)
    {
        var (cos, sin) = (Math.Cos(Angle) / Scale, Math.Sin(Angle) / Scale);
        var (middleX, middleY) = ((width - 1) / 2.0, (height - 1) / 2.0);
        var right = torch.arange(width, ScalarType.Float64).sub(middleX).view(1, -1);
        var down = torch.arange(height, ScalarType.Float64).sub(middleY).view(-1, 1);
        return (right.mul(cos).sub(down.mul(sin)).add(middleX), right.mul(sin).add(down.mul(cos)).add(middleY));
    }
}
