namespace Plait.Benchmarks.Vision.Reading;

/// <summary>The lines between the regions of a map of labels.</summary>
/// <remarks>
/// As the PASCAL-Context loader of Vandenhende's suite draws them: where the Laplacian (4-neighbours, the border mirrored about its
/// pixels) of the labels is not zero, thinned to lines of one pixel by Guo &amp; Hall 1989, <i>Parallel thinning with two-subiteration algorithms</i>, algorithm A1.
/// </remarks>
internal static class Outlines
{
    private const int Neighbours = 8;

    /// <summary>Draws them.</summary>
    /// <param name="labels">Row by row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <returns>True on a line, row by row.</returns>
    public static bool[] Of(float[] labels, int height, int width)
    {
        var lines = new bool[labels.Length];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                lines[(y * width) + x] = At(y - 1, x) + At(y + 1, x) + At(y, x - 1) + At(y, x + 1) != 4 * At(y, x);
            }
        }

        Thin(lines, height, width);
        return lines;

        float At(int y, int x) => labels[(Mirror(y, height) * width) + Mirror(x, width)];
    }

    private static int Mirror(int place, int length) =>
        length == 1 ? 0
        : place < 0 ? -place
        : place >= length ? (2 * length) - 2 - place
        : place;

    private static void Thin(bool[] lines, int height, int width)
    {
        var gone = new List<int>();
        Span<bool> around = stackalloc bool[Neighbours];
        bool changed;
        do
        {
            changed = false;
            for (var pass = 0; pass < 2; pass++)
            {
                gone.Clear();
                for (var pixel = 0; pixel < lines.Length; pixel++)
                {
                    if (lines[pixel])
                    {
                        LookAround(lines, height, width, pixel, around);
                        if (CanGo(around, pass))
                        {
                            gone.Add(pixel);
                        }
                    }
                }

                gone.ForEach(pixel => lines[pixel] = false);
                changed |= gone.Count > 0;
            }
        } while (changed);
    }

    /// <summary>The eight neighbours clockwise from the one above; beyond the border there is nothing.</summary>
    private static void LookAround(bool[] lines, int height, int width, int pixel, Span<bool> around)
    {
        ReadOnlySpan<sbyte> down = [-1, -1, 0, 1, 1, 1, 0, -1];
        ReadOnlySpan<sbyte> right = [0, 1, 1, 1, 0, -1, -1, -1];
        var (y, x) = (pixel / width, pixel % width);
        for (var i = 0; i < Neighbours; i++)
        {
            var (row, column) = (y + down[i], x + right[i]);
            around[i] = row >= 0 && row < height && column >= 0 && column < width && lines[(row * width) + column];
        }
    }

    private static bool CanGo(ReadOnlySpan<bool> around, int pass)
    {
        var (crossings, first, second) = (0, 0, 0);
        for (var i = 0; i < Neighbours; i += 2)
        {
            var (here, next, afterNext) = (around[i], around[i + 1], around[(i + 2) % Neighbours]);
            crossings += !here && (next || afterNext) ? 1 : 0;
            first += around[(i + 7) % Neighbours] || here ? 1 : 0;
            second += here || next ? 1 : 0;
        }

        var held =
            pass == 0
                ? (around[4] || around[5] || !around[7]) && around[6]
                : (around[0] || around[1] || !around[3]) && around[2];
        return crossings == 1 && Math.Min(first, second) is 2 or 3 && !held;
    }
}
