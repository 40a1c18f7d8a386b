namespace Plait.Torch;

/// <summary>Sizes of arrays as files give them: multiplied without wrapping round.</summary>
internal static class ArraySize
{
    /// <summary>The most axes of an array; NumPy's limit.</summary>
    public const int MaximumAxes = 64;

    /// <summary>The bytes of an array.</summary>
    /// <param name="shape">Its sizes.</param>
    /// <param name="elementSize">Bytes an element, 1 or more.</param>
    /// <returns>
    /// Null where there is no such array: a size is negative, there are too many axes, or the sizes other than 0 multiply to more than can
    /// be counted (strides are computed from them even where an array is empty).
    /// </returns>
    public static long? Bytes(ReadOnlySpan<long> shape, int elementSize)
    {
        if (shape.Length > MaximumAxes)
        {
            return null;
        }

        var (bytes, isEmpty) = ((long)elementSize, false);
        foreach (var size in shape)
        {
            if (size < 0 || (size > 0 && bytes > long.MaxValue / size))
            {
                return null;
            }

            isEmpty |= size == 0;
            bytes *= Math.Max(1, size);
        }

        return isEmpty ? 0 : bytes;
    }
}
