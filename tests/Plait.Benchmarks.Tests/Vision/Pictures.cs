using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using SkiaSharp;

namespace Plait.Benchmarks.Tests.Vision;

/// <summary>Writes small files of the formats that data sets are published in.</summary>
internal static class Pictures
{
    /// <summary>A PNG image of 8-bit grey.</summary>
    public static byte[] Grey(int width, int height, Func<int, int, byte> pixel) =>
        Png(width, height, 8, 0, Rows(width, height, (x, y) => [pixel(x, y)]));

    /// <summary>A PNG image of 16-bit grey, its rows written as differences from the pixels to their left.</summary>
    public static byte[] Grey16(int width, int height, Func<int, int, ushort> pixel)
    {
        var rows = Rows(width, height, (x, y) => [(byte)(pixel(x, y) >> 8), (byte)pixel(x, y)]);
        foreach (var row in rows)
        {
            for (var i = row.Length - 1; i >= 2; i--)
            {
                row[i] -= row[i - 2];
            }
        }

        return Png(width, height, 16, 0, rows, filter: 1);
    }

    /// <summary>A PNG image of 8-bit colour.</summary>
    public static byte[] Colour(int width, int height, Func<int, int, (byte, byte, byte)> pixel) =>
        Png(
            width,
            height,
            8,
            2,
            Rows(
                width,
                height,
                (x, y) =>
                {
                    var (red, green, blue) = pixel(x, y);
                    return [red, green, blue];
                }
            )
        );

    /// <summary>A PNG image of numbers, with the colours that PASCAL VOC gives them.</summary>
    public static byte[] Palette(int width, int height, Func<int, int, byte> pixel) =>
        Png(
            width,
            height,
            8,
            3,
            Rows(width, height, (x, y) => [pixel(x, y)]),
            [.. Enumerable.Range(0, 256).SelectMany(VocColour)]
        );

    /// <summary>A PNG image of numbers up to 3, of which a byte holds four, with two colours that are the same.</summary>
    public static byte[] SmallPalette(int height, params byte[] bytes) =>
        Png(4, height, 2, 3, [.. bytes.Select(row => new[] { row })], [0, 0, 0, 9, 9, 9, 9, 9, 9, 1, 2, 3]);

    /// <summary>A JPEG image of one colour.</summary>
    public static byte[] Jpeg(int width, int height, byte red, byte green, byte blue)
    {
        using var bitmap = new SKBitmap(width, height);
        bitmap.Erase(new SKColor(red, green, blue));
        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 95);
        return data.ToArray();
    }

    /// <summary>A JPEG image of noise, which takes many bytes.</summary>
    public static byte[] NoisyJpeg(int width, int height)
    {
        var chance = new Random(1);
        using var bitmap = new SKBitmap(width, height);
        for (var pixel = 0; pixel < width * height; pixel++)
        {
            bitmap.SetPixel(pixel % width, pixel / width, new SKColor((uint)chance.Next() | 0xFF000000));
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 95);
        return data.ToArray();
    }

    /// <summary>An NPY file of single-precision numbers.</summary>
    public static byte[] Npy(int[] sizes, Func<int, float> element) =>
        Npy("<f4", sizes, i => BitConverter.GetBytes(element(i)));

    /// <summary>An NPY file of any type.</summary>
    public static byte[] Npy(string type, int[] sizes, Func<int, byte[]> element)
    {
        var header = Encoding.ASCII.GetBytes(
            $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({string.Join(", ", sizes)},), }}\n"
        );
        return
        [
            .. Convert.FromHexString("934E554D50590100"),
            (byte)header.Length,
            (byte)(header.Length >> 8),
            .. header,
            .. Enumerable.Range(0, sizes.Aggregate(1, (product, size) => product * size)).SelectMany(element),
        ];
    }

    /// <summary>A PNG image of one bit a pixel, all of them 0: hardly a byte for a thousand pixels.</summary>
    public static byte[] Blank(int width, int height) =>
        Png(width, height, 1, 3, [.. Enumerable.Repeat(new byte[(width + 7) / 8], height)], [0, 0, 0, 9, 9, 9]);

    /// <summary>A PNG image that says it has other sizes than it has.</summary>
    public static byte[] Resized(byte[] png, int width, int height)
    {
        byte[] resized = [.. png];
        BinaryPrimitives.WriteInt32BigEndian(resized.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(resized.AsSpan(20), height);
        return WithChecksums(resized);
    }

    /// <summary>A PNG image, damaged or not, with the checksums that its parts ought to have, as far as they can be told apart.</summary>
    public static byte[] WithChecksums(byte[] png)
    {
        byte[] mended = [.. png];
        for (var at = 8; mended.Length - at >= 12; )
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(mended.AsSpan(at));
            if (length > mended.Length - at - 12)
            {
                break;
            }

            var end = at + 8 + (int)length;
            BinaryPrimitives.WriteUInt32BigEndian(mended.AsSpan(end), Checksum(mended.AsSpan(at + 4, 4 + (int)length)));
            at = end + 4;
        }

        return mended;
    }

    private static byte[][] Rows(int width, int height, Func<int, int, byte[]> pixel) =>
        [.. Enumerable.Range(0, height).Select(y => Enumerable.Range(0, width).SelectMany(x => pixel(x, y)).ToArray())];

    /// <summary>The bits of a number, dealt in turns to red, green and blue, the lowest to the highest bit of each.</summary>
    private static byte[] VocColour(int number)
    {
        var colour = new byte[3];
        for (var bit = 0; bit < 8; bit++)
        {
            for (var channel = 0; channel < 3; channel++)
            {
                colour[channel] |= (byte)(((number >> ((3 * bit) + channel)) & 1) << (7 - bit));
            }
        }

        return colour;
    }

    private static byte[] Png(
        int width,
        int height,
        byte depth,
        byte colour,
        byte[][] rows,
        byte[]? palette = null,
        byte filter = 0
    )
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (depth, colour);
        Chunk(file, "IHDR", header);
        Chunk(file, "gAMA", [0, 0, 0xB1, 0x8F]); // what a viewer would use, and a reader of numbers must not
        if (palette is not null)
        {
            Chunk(file, "PLTE", palette);
            Chunk(file, "tRNS", [0, 128]);
        }

        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            foreach (var row in rows)
            {
                zlib.WriteByte(filter);
                zlib.Write(row);
            }
        }

        Chunk(file, "IDAT", packed.ToArray());
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    private static void Chunk(Stream file, string name, byte[] data)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(name), .. data];
        var number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(named);
        BinaryPrimitives.WriteUInt32BigEndian(number, Checksum(named));
        file.Write(number);
    }

    private static uint Checksum(ReadOnlySpan<byte> named)
    {
        var sum = uint.MaxValue;
        foreach (var one in named)
        {
            sum ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                sum = (sum & 1) == 1 ? 0xEDB88320 ^ (sum >> 1) : sum >> 1;
            }
        }

        return ~sum;
    }
}
