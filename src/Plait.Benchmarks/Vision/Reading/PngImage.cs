using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Plait.Torch;

namespace Plait.Benchmarks.Vision.Reading;

/// <summary>The kind of a PNG image, and the same pixels under another header, so that a decoder that makes colours gives numbers.</summary>
/// <remarks>
/// A decoder for display turns everything into 8-bit colours. Two changes of the header, with every compressed byte left as it is,
/// let the numbers through: a palette of which entry i has the grey i gives the numbers of the colours; and 16-bit grey, read as
/// 8-bit grey with 8-bit alpha (the rows and their filters are the same), gives the two bytes. PNG specification, 2nd edition, sections 4 to 11.
/// </remarks>
internal sealed class PngImage
{
    private const int ChunkStart = 8; // length and name
    private const int ChunkFrame = 12; // and the checksum behind the data
    private const int HeaderLength = 13;
    private const int HeaderAt = 16; // behind the signature and the start of the first part
    private const int WidthAt = 0;
    private const int HeightAt = 4;
    private const int DepthAt = 8;
    private const int ColourAt = 9;
    private const byte Grey = 0;
    private const byte Palette = 3;
    private const byte GreyWithAlpha = 4;
    private const int LargestSide = ushort.MaxValue; // as of a JPEG image
    private const int LargestPalette = 256;

    private readonly byte[] bytes;
    private readonly string name;

    private PngImage(byte[] bytes, string name)
    {
        this.bytes = bytes;
        this.name = name;
    }

    /// <summary>"IHDR" as a number.</summary>
    private static int HeaderName => BinaryPrimitives.ReadInt32BigEndian("IHDR"u8);

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Bits a channel.</summary>
    private byte Depth => bytes[HeaderAt + DepthAt];

    private byte Colour => bytes[HeaderAt + ColourAt];

    private int Channels =>
        Colour switch
        {
            2 => 3,
            GreyWithAlpha => 2,
            6 => 4,
            _ => 1,
        };

    /// <summary>The image's kind, as errors write it.</summary>
    public string Kind =>
        $"{Depth}-bit {Colour switch { Grey => "greyscale", 2 => "colour", Palette => "palette", GreyWithAlpha => "greyscale with alpha", 6 => "colour with alpha", _ => $"of colour type {Colour}" }}";

    /// <summary>Opens an image.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="InvalidDataException">It is no PNG image, or says it has more pixels than its bytes can hold.</exception>
    public static PngImage Open(byte[] bytes, string name)
    {
        if (!IsOne(bytes))
        {
            throw new InvalidDataException(
                $"'{name}' is no PNG image: it starts with {Convert.ToHexString(bytes.AsSpan(0, Math.Min(8, bytes.Length)))}; expected {Convert.ToHexString(Signature)}."
            );
        }

        var header = new BoundedReader(bytes.AsMemory(Signature.Length), name, bigEndian: true);
        if (header.Left < ChunkFrame + HeaderLength || header.Int32() != HeaderLength || header.Int32() != HeaderName)
        {
            throw header.Damaged("it does not begin with its header");
        }

        var image = new PngImage(bytes, name);
        image.RequirePixels();
        return image;
    }

    /// <summary>Whether a file begins as PNG images do.</summary>
    public static bool IsOne(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Signature);

    /// <summary>The image whose grey is the number of the colour, or the grey, of 8 bits.</summary>
    /// <exception cref="InvalidDataException">It is neither a palette nor an 8-bit greyscale image.</exception>
    public byte[] AsIndices() =>
        Colour == Palette
            ? Rewrite(
                header => header,
                entries => [.. Enumerable.Range(0, entries).SelectMany(i => Enumerable.Repeat((byte)i, 3))]
            )
        : Colour == Grey && Depth == 8 ? bytes
        : throw Fault("a palette or 8-bit greyscale image");

    /// <summary>The image of 8-bit grey and alpha that hold the upper and the lower byte of a 16-bit grey.</summary>
    /// <exception cref="InvalidDataException">It is not a 16-bit greyscale image.</exception>
    public byte[] AsTwoBytes() =>
        Colour == Grey && Depth == 16
            ? Rewrite(
                header =>
                {
                    (header[DepthAt], header[ColourAt]) = (8, GreyWithAlpha);
                    return header;
                },
                entries => []
            )
            : throw Fault("a 16-bit greyscale image");

    /// <summary>Refuses an image of any other kind than 8-bit greyscale.</summary>
    /// <exception cref="InvalidDataException">It is of another kind.</exception>
    public void RequireGrey()
    {
        if (Colour != Grey || Depth != 8)
        {
            throw Fault("an 8-bit greyscale image");
        }
    }

    /// <summary>Refuses more pixels than the packed bytes can hold: a decoder would take memory for all of them first.</summary>
    private void RequirePixels()
    {
        long width = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(HeaderAt + WidthAt));
        long height = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(HeaderAt + HeightAt));
        if (width is 0 or > LargestSide || height is 0 or > LargestSide)
        {
            throw new InvalidDataException(
                $"'{name}' says it has {height} x {width} pixels; expected 1 to {LargestSide} each way."
            );
        }

        var packed = Parts().Where(part => part.Name == "IDAT").Sum(part => (long)part.Length);
        var unpacked = height * (1 + (((width * Channels * Depth) + 7) / 8)); // each row has a byte that names its filter
        if (unpacked / ReadingBudget.DeflateRatio > packed)
        {
            throw new InvalidDataException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{name}' is damaged: it says it has {height} x {width} pixels, which its {packed:N0} packed bytes cannot hold."
                )
            );
        }
    }

    /// <summary>The parts of the file: their names, and where their data is.</summary>
    private IEnumerable<(string Name, int At, int Length)> Parts()
    {
        for (var at = Signature.Length; at < bytes.Length; )
        {
            var left = bytes.Length - at - ChunkFrame;
            var length = left < 0 ? 0 : BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));
            if (left < 0 || length < 0 || length > left)
            {
                throw new InvalidDataException(
                    $"'{name}' is cut short: it ends within a part of the image that begins at byte {at}."
                );
            }

            yield return (Encoding.ASCII.GetString(bytes, at + sizeof(int), sizeof(int)), at + ChunkStart, length);
            at += length + ChunkFrame;
        }
    }

    private byte[] Rewrite(Func<byte[], byte[]> header, Func<int, byte[]> palette)
    {
        using var rewritten = new MemoryStream(bytes.Length);
        rewritten.Write(Signature);
        foreach (var (part, at, length) in Parts())
        {
            switch (part)
            {
                case "IHDR" when at == HeaderAt:
                    Write(rewritten, "IHDR", header(bytes.AsSpan(at, length).ToArray()));
                    break;
                case "PLTE":
                    Write(rewritten, "PLTE", palette(Math.Min(LargestPalette, length / 3)));
                    break;
                case "IDAT" or "IEND":
                    rewritten.Write(bytes, at - ChunkStart, length + ChunkFrame);
                    break;
                default: // what is said of the colours holds no longer
                    break;
            }
        }

        return rewritten.ToArray();
    }

    private static void Write(Stream stream, string chunk, byte[] data)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        stream.Write(number);
        byte[] named = [.. Encoding.ASCII.GetBytes(chunk), .. data];
        stream.Write(named);
        BinaryPrimitives.WriteUInt32BigEndian(number, Checksum(named));
        stream.Write(number);
    }

    /// <summary>CRC-32, as PNG's annex D has it.</summary>
    private static uint Checksum(byte[] data)
    {
        var sum = uint.MaxValue;
        foreach (var one in data)
        {
            sum ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                sum = (sum & 1) == 1 ? 0xEDB88320 ^ (sum >> 1) : sum >> 1;
            }
        }

        return ~sum;
    }

    private InvalidDataException Fault(string expected) =>
        new($"'{name}' is a PNG image of another kind: found {Kind}; expected {expected}.");
}
