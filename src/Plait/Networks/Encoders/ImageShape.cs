namespace Plait.Networks.Encoders;

/// <summary>The shape of one image, and what convolutions and pooling make of it.</summary>
internal readonly record struct ImageShape(long Channels, long Height, long Width)
{
    /// <summary>Takes a shape [channels, height, width] that is at least as large as an encoder needs.</summary>
    /// <exception cref="ArgumentException">It has other axes, or is too small.</exception>
    public static ImageShape Of(IReadOnlyList<long> shape, string encoder, long smallest)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return shape.Count == 3 && shape[0] > 0 && shape[1] >= smallest && shape[2] >= smallest
            ? new(shape[0], shape[1], shape[2])
            : throw new ArgumentException(
                $"{encoder} reads images [channels, height, width] of at least {smallest} x {smallest} pixels; got [{string.Join(", ", shape)}]. Use an MLP for other inputs."
            );
    }

    /// <summary>The shape after a window of a size moves over the image.</summary>
    public ImageShape After(long channels, long window, long stride = 1, long padding = 0) =>
        new(channels, Slide(Height, window, stride, padding), Slide(Width, window, stride, padding));

    /// <summary>As encoders list shapes: [channels, height, width].</summary>
    public long[] ToArray() => [Channels, Height, Width];

    private static long Slide(long size, long window, long stride, long padding) =>
        ((size + (2 * padding) - window) / stride) + 1;
}
