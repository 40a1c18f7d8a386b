using static TorchSharp.torch.nn;

namespace Plait.Data.Augmentation;

/// <summary>The part of an image that is looked at, and whether in a mirror.</summary>
/// <remarks>
/// Cut out, enlarged by s and read with the same camera, a scene looks as if all of it were s times nearer and smaller: depth divides
/// by s and directions stay, with a focal length of s times as many pixels. A mirror turns what points right to the left.
/// </remarks>
/// <param name="Scale">The enlargement.</param>
/// <param name="Top">The first row of pixels.</param>
/// <param name="Left">The first column.</param>
/// <param name="Height">How many rows.</param>
/// <param name="Width">How many columns.</param>
/// <param name="Mirrored">Whether left and right change places.</param>
internal readonly record struct ImageView(double Scale, long Top, long Left, long Height, long Width, bool Mirrored)
{
    private const double NoLength = 1e-6;

    /// <summary>How the image is turned about its middle; null where a window is cut out of it.</summary>
    public Turn? Turned { get; init; }

    /// <summary>Draws a view of an image.</summary>
    public static ImageView Draw(ImageAugmentation augmentation, long height, long width, Random chance)
    {
        if (augmentation.IsAboutMiddle)
        {
            var (least, most) = augmentation.Zoom ?? (1, 1);
            var angle = augmentation.Rotation * ((2 * chance.NextDouble()) - 1) * Math.PI / 180;
            var zoom = least + ((most - least) * chance.NextDouble());
            var mirrored = chance.NextDouble() < augmentation.FlipShare;
            return new(zoom, 0, 0, height, width, mirrored) { Turned = new Turn(angle, zoom) };
        }

        var scale = augmentation.Scales[chance.Next(augmentation.Scales.Count)];
        var (rows, columns) = (Math.Max(1, (long)(height / scale)), Math.Max(1, (long)(width / scale)));
        var top = chance.NextInt64(height - rows + 1);
        var left = chance.NextInt64(width - columns + 1);
        return new(scale, top, left, rows, columns, chance.NextDouble() < augmentation.FlipShare);
    }

    /// <summary>The view of a map, [channels, height, width], with values in between mixed.</summary>
    public Tensor Mixed(Tensor map)
    {
        if (Turned is { } turn)
        {
            return Mirror(turn.Mixed(map));
        }

        var (height, width) = (map.size(-2), map.size(-1));
        if (IsWhole(map))
        {
            return Mirror(map);
        }

        var window = map.narrow(-2, Top, Height).narrow(-1, Left, Width).unsqueeze(0);
        var enlarged = functional.interpolate(
            window,
            [height, width],
            mode: torch.InterpolationMode.Bilinear,
            align_corners: false
        );
        return Mirror(enlarged.squeeze(0));
    }

    /// <summary>The view of a map, [..., height, width] of any type: each pixel takes the value of the nearest, 0 where the view goes beyond.</summary>
    public Tensor Nearest(Tensor map) =>
        Turned is { } turn ? Mirror(turn.Nearest(map))
        : IsWhole(map) ? Mirror(map)
        : Mirror(
            map.index_select(-2, Places(Top, Height, map.size(-2))).index_select(-1, Places(Left, Width, map.size(-1)))
        );

    /// <summary>The view of unit vectors, [3, height, width], and of their marks; null marks when all are there.</summary>
    /// <param name="vectors">To the right first.</param>
    /// <param name="marks">Their marks.</param>
    /// <param name="isDown">Whether the second coordinate points down.</param>
    public (Tensor Values, Tensor? Marks) Normals(Tensor vectors, Tensor? marks, bool isDown = false)
    {
        var seen = Mixed(vectors);
        var present =
            marks is not null ? Nearest(marks)
            : Turned is null ? null
            : Nearest(torch.ones_like(vectors, ScalarType.Float32));
        if (Turned is not null || !IsWhole(vectors))
        {
            var length = seen.square().sum(0L, keepdim: true).sqrt();
            var known = length.gt(NoLength);
            seen = seen.div(torch.where(known, length, torch.ones_like(length)));
            if (present is not null || !known.all().item<bool>())
            {
                present = known.to(ScalarType.Float32).mul(present ?? torch.ones_like(seen));
                seen = seen.mul(present.gt(0)); // what is missing holds 0, as everywhere
            }
        }

        if (Turned is { } turn)
        {
            seen = turn.Vectors(seen, isDown); // before the mirror, which has moved the pixels alone so far
        }

        return (Mirrored ? seen.mul(torch.tensor(new float[] { -1, 1, 1 }, seen.dtype).view(3, 1, 1)) : seen, present);
    }

    /// <summary>The view of a box: left, top, right, bottom as shares of the image; false where none of it is in view.</summary>
    public bool TryBox(Span<float> box, long height, long width)
    {
        var (left, top, right, bottom) = Turned is { } turn
            ? Around(turn, box, height, width)
            : (
                Share(box[0], width, Left, Width),
                Share(box[1], height, Top, Height),
                Share(box[2], width, Left, Width),
                Share(box[3], height, Top, Height)
            );
        if (right <= left || bottom <= top)
        {
            return false;
        }

        (box[0], box[1], box[2], box[3]) = Mirrored ? (1 - right, top, 1 - left, bottom) : (left, top, right, bottom);
        return true;

        static float Share(float whole, long size, long start, long length) =>
            Math.Clamp((float)(((whole * size) - start) / length), 0, 1);
    }

    /// <summary>The upright box around a box that is turned, as far as it is in view.</summary>
    private static (float Left, float Top, float Right, float Bottom) Around(
        Turn turn,
        ReadOnlySpan<float> box,
        long height,
        long width
    )
    {
        var (left, top, right, bottom) = (1.0, 1.0, 0.0, 0.0);
        foreach (var x in new[] { box[0], box[2] })
        {
            foreach (var y in new[] { box[1], box[3] })
            {
                var (across, down) = turn.Place(x * width, y * height, height, width);
                (left, right) = (Math.Min(left, across / width), Math.Max(right, across / width));
                (top, bottom) = (Math.Min(top, down / height), Math.Max(bottom, down / height));
            }
        }

        return (
            (float)Math.Clamp(left, 0, 1),
            (float)Math.Clamp(top, 0, 1),
            (float)Math.Clamp(right, 0, 1),
            (float)Math.Clamp(bottom, 0, 1)
        );
    }

    private bool IsWhole(Tensor map) => Height == map.size(-2) && Width == map.size(-1);

    private Tensor Mirror(Tensor map) => Mirrored ? map.flip(-1) : map.alias();

    /// <summary>For each of the enlarged pixels, the one whose middle is nearest to its own.</summary>
    private static Tensor Places(long start, long length, long size)
    {
        var places = new long[size];
        for (var i = 0; i < size; i++)
        {
            places[i] = start + Math.Min(length - 1, (long)((i + 0.5) * length / size));
        }

        return torch.tensor(places);
    }
}
