using System.Globalization;
using System.IO.Compression;

namespace Plait.Torch;

/// <summary>What is left of the memory that the content of one file may take. Whoever reads asks here before allocating.</summary>
/// <param name="name">What errors call the file; null where whoever catches them names it.</param>
/// <param name="length">Bytes of the file.</param>
/// <param name="limits">The limits; null for the usual ones.</param>
internal sealed class ReadingBudget(string? name, long length, ReadingLimits? limits = null)
{
    /// <summary>The most that a byte of a deflated stream can unpack to: RFC 1951 spends two bits on 258 bytes at best.</summary>
    public const int DeflateRatio = 1032;

    private const int Piece = 1 << 20; // read before more is allocated

    private readonly long most = (limits ?? ReadingLimits.Usual).Of(length);
    private long taken;

    /// <summary>Asks for memory.</summary>
    /// <param name="bytes">How much; 0 or more.</param>
    /// <param name="what">What for, as errors say it.</param>
    /// <exception cref="InvalidDataException">It is more than is left.</exception>
    public void Take(long bytes, string what)
    {
        if (bytes > most - taken)
        {
            throw Fault(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"has {length:N0} bytes and, with {bytes:N0} for {what}, takes more than {most >> 20:N0} MiB; if it is sound, set {ReadingLimits.Variable} to a larger number"
                )
            );
        }

        taken += bytes;
    }

    /// <summary>Asks for memory for many things of one kind.</summary>
    /// <inheritdoc cref="Take(long, string)"/>
    public void Take(long count, long bytesEach, string what) =>
        Take(count > long.MaxValue / bytesEach ? long.MaxValue : count * bytesEach, what);

    /// <summary>Asks for memory for what a deflated stream says it unpacks to, and refuses what it cannot hold.</summary>
    /// <param name="unpacked">Bytes that it says it has.</param>
    /// <param name="packed">Bytes that it takes in the file.</param>
    /// <param name="what">What it is, as errors say it.</param>
    /// <exception cref="InvalidDataException">It is more than is left, or more than such a stream can hold.</exception>
    public void TakeUnpacked(long unpacked, long packed, string what)
    {
        if (unpacked / DeflateRatio > packed)
        {
            throw Fault(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"says that {what} has {unpacked:N0} bytes, which {packed:N0} packed bytes cannot hold"
                )
            );
        }

        Take(unpacked, what);
    }

    /// <summary>Reads bytes for which memory has been asked; it is allocated as they come, so that a length that lies costs little.</summary>
    /// <param name="stream">From where it stands.</param>
    /// <param name="count">How many.</param>
    /// <returns>Fewer where the stream ends before.</returns>
    /// <exception cref="InvalidDataException">It cannot be unpacked.</exception>
    public static byte[] Read(Stream stream, long count)
    {
        var bytes = new byte[Math.Min(count, Piece)];
        var read = Fill(stream, bytes);
        while (read == bytes.Length && read < count)
        {
            Array.Resize(ref bytes, (int)Math.Min(Math.Min(count, Array.MaxLength), 2L * read));
            read += Fill(stream, bytes.AsSpan(read));
        }

        return read == bytes.Length ? bytes : bytes[..read];
    }

    /// <summary>Reads until the span is full or the stream ends.</summary>
    /// <returns>The number of bytes read.</returns>
    /// <exception cref="InvalidDataException">It cannot be unpacked.</exception>
    public static int Fill(Stream stream, Span<byte> bytes)
    {
        try
        {
            return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (IOException failure) when (IsDamage(failure))
        {
            throw new InvalidDataException(failure.Message, failure);
        }
    }

    /// <summary>Whether an error is .NET's unpacker's, which says of some damage that the data is not valid, and of other with a type of its own that nobody else can name.</summary>
    public static bool IsDamage(IOException failure) => failure.GetType().Assembly == typeof(ZLibStream).Assembly;

    private InvalidDataException Fault(string what) => new(name is null ? $"it {what}" : $"'{name}' {what}.");
}
