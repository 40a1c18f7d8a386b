using System.Numerics;

namespace Plait.Tasks.Metrics;

/// <summary>The marked pixels of an image, one bit each, and their thinning to lines of one pixel, 64 pixels at a time.</summary>
internal sealed class EdgeMap
{
    private const int Bits = 64;

    // Words of a row, with an empty one at either side; and an empty row above and below.
    private readonly int stride;
    private ulong[] bits;
    private ulong[] thinned;

    public EdgeMap(int height, int width)
    {
        (Height, Width) = (height, width);
        stride = ((width + Bits - 1) / Bits) + 2;
        bits = new ulong[(height + 2) * stride];
        thinned = new ulong[bits.Length];
    }

    /// <summary>Rows of pixels.</summary>
    public int Height { get; }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>How many pixels are marked.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var word in bits)
            {
                count += BitOperations.PopCount(word);
            }

            return count;
        }
    }

    /// <summary>Leaves no pixel marked.</summary>
    public void Clear() => Array.Clear(bits);

    /// <summary>Marks a pixel, counted row by row.</summary>
    public void Mark(int pixel)
    {
        var (row, column) = Math.DivRem(pixel, Width);
        bits[((row + 1) * stride) + 1 + (column / Bits)] |= 1UL << (column % Bits);
    }

    /// <summary>Marks what another map of the same size has marked, and nothing else.</summary>
    public void CopyFrom(EdgeMap other) => other.bits.CopyTo(bits, 0);

    /// <summary>Lists the marked pixels as row × <paramref name="rowStride"/> + column, row by row.</summary>
    public void List(List<int> pixels, int rowStride)
    {
        pixels.Clear();
        for (var row = 0; row < Height; row++)
        {
            for (var place = 0; place < stride - 2; place++)
            {
                for (var word = bits[((row + 1) * stride) + 1 + place]; word != 0; word &= word - 1)
                {
                    pixels.Add((row * rowStride) + (place * Bits) + BitOperations.TrailingZeroCount(word));
                }
            }
        }
    }

    /// <summary>Thins the marked pixels to lines of one pixel that connect what was connected.</summary>
    /// <remarks>
    /// Guo and Hall 1989, <i>Parallel Thinning with Two-Subiteration Algorithms</i>, algorithm A1 in the form of Lam, Lee and Suen
    /// 1992, <i>Thinning Methodologies</i>, which the boundary benchmarks use.
    /// </remarks>
    public void Thin()
    {
        bool changed;
        do
        {
            changed = Peel(fromEast: true);
            changed |= Peel(fromEast: false);
        } while (changed);
    }

    private bool Peel(bool fromEast)
    {
        var changed = 0UL;
        for (var i = stride + 1; i < bits.Length - stride - 1; i++)
        {
            var word = bits[i];
            var peeled = word == 0 ? 0 : word & Removable(i, fromEast);
            thinned[i] = word ^ peeled;
            changed |= peeled;
        }

        (bits, thinned) = (thinned, bits);
        return changed != 0;
    }

    /// <summary>The pixels of a word that one side may lose: border pixels that are no end of a line and connect nothing.</summary>
    private ulong Removable(int i, bool fromEast)
    {
        var (north, south) = (bits[i - stride], bits[i + stride]);
        var (northEast, northWest) = (East(i - stride), West(i - stride));
        var (southEast, southWest) = (East(i + stride), West(i + stride));
        var (east, west) = (East(i), West(i));

        var one = ExactlyOne(
            ~east & (northEast | north),
            ~north & (northWest | west),
            ~west & (southWest | south),
            ~south & (southEast | east)
        );
        var (n1, n2, n3, n4) = (east | northEast, north | northWest, west | southWest, south | southEast);
        var (m1, m2, m3, m4) = (northEast | north, northWest | west, southWest | south, southEast | east);
        var twoOrThree =
            AtLeastTwo(n1, n2, n3, n4) & AtLeastTwo(m1, m2, m3, m4) & ~(n1 & n2 & n3 & n4 & m1 & m2 & m3 & m4);
        var side = fromEast ? (northEast | north | ~southEast) & east : (southWest | south | ~northWest) & west;
        return one & twoOrThree & ~side;
    }

    private ulong East(int i) => (bits[i] >> 1) | (bits[i + 1] << (Bits - 1));

    private ulong West(int i) => (bits[i] << 1) | (bits[i - 1] >> (Bits - 1));

    private static ulong AtLeastTwo(ulong a, ulong b, ulong c, ulong d) => (a & b) | (c & d) | ((a | b) & (c | d));

    private static ulong ExactlyOne(ulong a, ulong b, ulong c, ulong d) => (a | b | c | d) & ~AtLeastTwo(a, b, c, d);
}
