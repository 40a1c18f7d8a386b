namespace Plait.Torch;

/// <summary>Bytes in managed memory, in pieces: one array ends at two gigabytes, and a tensor need not.</summary>
internal sealed class LargeBytes
{
    /// <summary>Bytes of a piece: a multiple of every element's size, below the longest array.</summary>
    public const int PieceLength = 1 << 30;

    private readonly byte[][] pieces;

    private LargeBytes(byte[][] pieces)
    {
        this.pieces = pieces;
        Length = pieces.Sum(piece => piece.LongLength);
    }

    /// <summary>What fits in one array.</summary>
    public LargeBytes(byte[] whole)
        : this([whole]) { }

    /// <summary>How many bytes.</summary>
    public long Length { get; }

    /// <summary>The bytes in order.</summary>
    public IReadOnlyList<byte[]> Pieces => pieces;

    /// <summary>The bytes as one array.</summary>
    /// <exception cref="InvalidDataException">They are too many for that.</exception>
    public byte[] Whole =>
        pieces switch
        {
            [] => [],
            [var one] => one,
            _ => throw new InvalidDataException($"{Length} bytes are too many for what is kept in one array."),
        };

    /// <summary>A tensor's elements.</summary>
    /// <param name="tensor">Contiguous, in main memory.</param>
    /// <param name="pieceLength">Bytes of a piece, a multiple of 8.</param>
    public static LargeBytes Of(Tensor tensor, int pieceLength = PieceLength)
    {
        using var flat = tensor.view(-1);
        return new([
            .. Ranges(flat.numel(), pieceLength / (int)tensor.ElementSize)
                .Select(range =>
                {
                    using var part = flat.narrow(0, range.Start, range.Count);
                    return part.bytes.ToArray();
                }),
        ]);
    }

    /// <summary>The next bytes of a stream.</summary>
    /// <param name="stream">From where it stands.</param>
    /// <param name="length">How many; no more than there are.</param>
    /// <param name="pieceLength">Bytes of a piece, a multiple of 8.</param>
    /// <exception cref="EndOfStreamException">There are fewer.</exception>
    public static LargeBytes Read(Stream stream, long length, int pieceLength = PieceLength) =>
        new([
            .. Ranges(length, pieceLength)
                .Select(range =>
                {
                    var piece = GC.AllocateUninitializedArray<byte>(range.Count);
                    stream.ReadExactly(piece);
                    return piece;
                }),
        ]);

    /// <summary>Fills a tensor with them.</summary>
    /// <param name="tensor">Contiguous, in main memory, of as many bytes.</param>
    public void CopyTo(Tensor tensor)
    {
        using var flat = tensor.view(-1);
        long start = 0;
        foreach (var piece in pieces)
        {
            var count = piece.Length / tensor.ElementSize;
            using var part = flat.narrow(0, start, count);
            piece.CopyTo(part.bytes);
            start += count;
        }
    }

    private static IEnumerable<(long Start, int Count)> Ranges(long length, int most)
    {
        for (long start = 0; start < length; start += most)
        {
            yield return (start, (int)Math.Min(most, length - start));
        }
    }
}
