using System.Buffers.Binary;
using System.Text;

namespace Plait.Benchmarks.Vision.Reading;

/// <summary>The kind of a PNG image, and the same pixels under another header, so that a decoder that makes colours gives numbers.</summary>
/// <remarks>
/// A decoder for display turns everything into 8-bit colours. Two changes of the header, with every compressed byte left as it is,
/// let the numbers through: a palette of which entry i has the grey i gives the numbers of the colours; and 16-bit grey, read as
/// 8-bit grey with 8-bit alpha (the rows and their filters are the same), gives the two bytes. PNG specification, 2nd edition, sections 4 to 11.
/// </remarks>
internal sealed class PngImage
{
    private const int ChunkFrame = 12; // length, name and checksum
    private const int HeaderLength = 13;
    private const int DepthAt = 8;
    private const int ColourAt = 9;
    private const byte Grey = 0;
    private const byte Palette = 3;
    private const byte GreyWithAlpha = 4;

    private readonly byte[] bytes;
    private readonly string name;

    private PngImage(byte[] bytes, string name)
    {
        this.bytes = bytes;
        this.name = name;
    }

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Bits a channel.</summary>
    private byte Depth => bytes[Signature.Length + 8 + DepthAt];

    private byte Colour => bytes[Signature.Length + 8 + ColourAt];

    /// <summary>The image's kind, as errors write it.</summary>
    public string Kind =>
        $"{Depth}-bit {Colour switch { Grey => "greyscale", 2 => "colour", Palette => "palette", GreyWithAlpha => "greyscale with alpha", 6 => "colour with alpha", _ => $"of colour type {Colour}" }}";

    /// <summary>Opens an image.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="InvalidDataException">It is no PNG image.</exception>
    public static PngImage Open(byte[] bytes, string name) =>
        bytes.AsSpan().StartsWith(Signature) && bytes.Length >= Signature.Length + ChunkFrame + HeaderLength
            ? new(bytes, name)
            : throw new InvalidDataException(
                $"'{name}' is no PNG image: it starts with {Convert.ToHexString(bytes.AsSpan(0, Math.Min(8, bytes.Length)))}; expected {Convert.ToHexString(Signature)}."
            );

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

    private byte[] Rewrite(Func<byte[], byte[]> header, Func<int, byte[]> palette)
    {
        using var rewritten = new MemoryStream(bytes.Length);
        rewritten.Write(Signature);
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

            var data = bytes.AsSpan(at + 8, length);
            switch (Encoding.ASCII.GetString(bytes, at + 4, 4))
            {
                case "IHDR":
                    Write(rewritten, "IHDR", header(data.ToArray()));
                    break;
                case "PLTE":
                    Write(rewritten, "PLTE", palette(length / 3));
                    break;
                case "IDAT" or "IEND":
                    rewritten.Write(bytes, at, length + ChunkFrame);
                    break;
                default: // what is said of the colours holds no longer
                    break;
            }

            at += length + ChunkFrame;
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
