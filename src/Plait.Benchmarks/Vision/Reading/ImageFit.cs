using static TorchSharp.torch.nn;

namespace Plait.Benchmarks.Vision.Reading;

/// <summary>Brings images to one size: means of areas where they shrink, mixtures of neighbours where they grow.</summary>
internal static class ImageFit
{
    /// <summary>The whole image in a square.</summary>
    /// <param name="bytes">[channels, height, width], bytes.</param>
    /// <param name="side">Of the square, in pixels.</param>
    /// <returns>[channels, side, side], bytes.</returns>
    public static Tensor Stretch(Tensor bytes, long side)
    {
        using var scope = torch.NewDisposeScope();
        return Bytes(Resize(bytes.to(ScalarType.Float32), side, side)).MoveToOuterDisposeScope();
    }

    /// <summary>The middle square of the image, whose shorter side it fills.</summary>
    /// <param name="bytes">[channels, height, width], bytes.</param>
    /// <param name="side">Of the square, in pixels.</param>
    /// <returns>[channels, side, side], bytes.</returns>
    public static Tensor Middle(Tensor bytes, long side)
    {
        using var scope = torch.NewDisposeScope();
        var (height, width) = (bytes.size(1), bytes.size(2));
        var shorter = Math.Min(height, width);
        var square = bytes
            .narrow(1, (height - shorter) / 2, shorter)
            .narrow(2, (width - shorter) / 2, shorter)
            .to(ScalarType.Float32);
        return Bytes(Resize(square, side, side)).MoveToOuterDisposeScope();
    }

    /// <summary>A float map [channels, height, width] at another size.</summary>
    public static Tensor Resize(Tensor map, long height, long width)
    {
        if (map.size(1) == height && map.size(2) == width)
        {
            return map.alias();
        }

        using var scope = torch.NewDisposeScope();
        if (height > map.size(1) || width > map.size(2))
        {
            return functional
                .interpolate(
                    map.unsqueeze(0),
                    [height, width],
                    mode: torch.InterpolationMode.Bilinear,
                    align_corners: false
                )
                .squeeze(0)
                .MoveToOuterDisposeScope();
        }

        var (down, across) = (Means(map.size(1), height), Means(map.size(2), width).t());
        return down.expand(map.size(0), -1, -1)
            .bmm(map)
            .bmm(across.expand(map.size(0), -1, -1))
            .MoveToOuterDisposeScope();
    }

    /// <summary>A map [..., height, width] of any type at another size: each pixel takes the value of the nearest.</summary>
    public static Tensor Nearest(Tensor map, long height, long width)
    {
        using var scope = torch.NewDisposeScope();
        return map.index_select(-2, Places(map.size(-2), height))
            .index_select(-1, Places(map.size(-1), width))
            .MoveToOuterDisposeScope();
    }

    /// <summary>For each larger pixel, [to, from], the share that each of the smaller ones has in its area.</summary>
    private static Tensor Means(long from, long to)
    {
        var shares = new float[to * from];
        var size = (double)from / to;
        for (var i = 0; i < to; i++)
        {
            var (start, end) = (i * size, (i + 1) * size);
            for (var j = (long)start; j < from && j < end; j++)
            {
                shares[(i * from) + j] = (float)((Math.Min(end, j + 1) - Math.Max(start, j)) / size);
            }
        }

        return torch.tensor(shares, [to, from]);
    }

    private static Tensor Places(long from, long to) =>
        torch.tensor([.. Enumerable.Range(0, (int)to).Select(i => (long)((i + 0.5) * from / to))]);

    private static Tensor Bytes(Tensor image) => image.round().clamp(0, byte.MaxValue).to(ScalarType.Byte);
}
