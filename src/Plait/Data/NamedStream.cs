using System.IO.Compression;
using Plait.Torch;

namespace Plait.Data;

/// <summary>Bytes of a file that are unpacked if they start as gzip does, and whose faults name the file.</summary>
internal sealed class NamedStream : IDisposable
{
    private readonly string name;
    private readonly Stream stored;
    private readonly long length;
    private readonly ReadingBudget budget;
    private readonly Stream unpacked;

    /// <param name="stream">The file's bytes, compressed or not; read from where it stands. Stays open.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="limits">What its content may take; null for the usual limits.</param>
    public NamedStream(Stream stream, string name, ReadingLimits? limits)
    {
        this.name = name;
        var seekable = stream;
        if (!stream.CanSeek)
        {
            seekable = new MemoryStream();
            stream.CopyTo(seekable);
            seekable.Position = 0;
        }

        var start = seekable.Position;
        stored = seekable;
        length = stored.Length - start;
        budget = new ReadingBudget(name, length, limits);
        var packed = seekable.ReadByte() == 0x1F && seekable.ReadByte() == 0x8B;
        seekable.Position = start;
        unpacked = packed
            ? new GZipStream(seekable, CompressionMode.Decompress, leaveOpen: true)
            : new BufferedStream(seekable);
    }

    /// <summary>Reads until the span is full or the file ends; gives the number of bytes read.</summary>
    public int Fill(Span<byte> bytes)
    {
        try
        {
            return ReadingBudget.Fill(unpacked, bytes);
        }
        catch (InvalidDataException failure)
        {
            throw new InvalidDataException($"'{name}' cannot be unpacked: {failure.Message}", failure);
        }
    }

    /// <summary>Reads the elements that a header announces, which end the file.</summary>
    /// <remarks>
    /// What cannot be there is refused before anything is read; no more than one byte too many is read, and memory grows with what is
    /// read: a header that lies costs none.
    /// </remarks>
    /// <param name="expected">Bytes that there should be.</param>
    /// <param name="shape">The sizes, for errors.</param>
    /// <exception cref="InvalidDataException">There are fewer bytes, or more.</exception>
    public byte[] ReadElements(int expected, long[] shape)
    {
        if (unpacked is GZipStream)
        {
            budget.TakeUnpacked(expected, length, $"an array of {Text(shape)}");
        }
        else if (Left < expected)
        {
            throw CutShort(Left);
        }

        byte[] bytes;
        try
        {
            bytes = ReadingBudget.Read(unpacked, expected);
        }
        catch (InvalidDataException failure)
        {
            throw new InvalidDataException($"'{name}' cannot be unpacked: {failure.Message}", failure);
        }

        if (bytes.Length < expected)
        {
            throw CutShort(bytes.Length);
        }

        Span<byte> more = stackalloc byte[1];
        return Fill(more) == 0
            ? bytes
            : throw new InvalidDataException(
                $"'{name}' goes on after its elements: sizes {Text(shape)} need {expected} bytes."
            );

        InvalidDataException CutShort(long left) =>
            new(
                $"'{name}' is cut short: sizes {Text(shape)} need {expected} bytes, but only {left} follow the header."
            );
    }

    /// <summary>Turns the bytes of each element around.</summary>
    public static void TurnBytes(Span<byte> bytes, int size)
    {
        if (size > 1)
        {
            for (var start = 0; start < bytes.Length; start += size)
            {
                bytes.Slice(start, size).Reverse();
            }
        }
    }

    /// <summary>Bytes that follow in a file that is not packed.</summary>
    private long Left => stored.Length - unpacked.Position;

    public void Dispose()
    {
        if (unpacked is GZipStream)
        {
            unpacked.Dispose();
        }
    }

    private static string Text(long[] shape) => string.Join(" x ", shape);
}
