using System.Buffers.Binary;

namespace Plait.Torch;

/// <summary>Reads numbers and pieces from bytes in memory, and knows how many are left: no length is believed that ends beyond them.</summary>
/// <param name="bytes">The bytes.</param>
/// <param name="name">What errors call the file.</param>
/// <param name="bigEndian">Whether a number's highest byte comes first.</param>
internal struct BoundedReader(ReadOnlyMemory<byte> bytes, string name, bool bigEndian)
{
    private ReadOnlyMemory<byte> rest = bytes;

    /// <summary>Bytes that are left.</summary>
    public readonly int Left => rest.Length;

    /// <summary>The next piece.</summary>
    /// <param name="length">Its bytes.</param>
    /// <exception cref="InvalidDataException">Fewer are left, or the length is negative.</exception>
    public ReadOnlyMemory<byte> Take(long length)
    {
        if (length < 0 || length > rest.Length)
        {
            throw Damaged($"a part says it has {length} bytes where {rest.Length} are left");
        }

        var piece = rest[..(int)length];
        rest = rest[(int)length..];
        return piece;
    }

    /// <summary>Goes on behind some bytes, or to the end where fewer are left: the filling of a last part may be absent.</summary>
    public void Skip(int length) => rest = rest[Math.Min(length, rest.Length)..];

    /// <summary>The next 32-bit number.</summary>
    /// <exception cref="InvalidDataException">Fewer than four bytes are left.</exception>
    public int Int32()
    {
        var bytes = Take(sizeof(int)).Span;
        return bigEndian ? BinaryPrimitives.ReadInt32BigEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }

    /// <summary>Refuses more things than the bytes that are left can hold.</summary>
    /// <param name="count">How many there are said to be.</param>
    /// <param name="leastBytes">The bytes that each takes at least, 1 or more.</param>
    /// <param name="what">What they are, as errors say it.</param>
    /// <exception cref="InvalidDataException">They cannot be there, or the count is negative.</exception>
    public readonly void Require(long count, long leastBytes, string what)
    {
        if (count < 0 || count > rest.Length / leastBytes)
        {
            throw Damaged($"it says it has {count} {what}, which {rest.Length} bytes cannot hold");
        }
    }

    /// <summary>The fault of a file that is not in order.</summary>
    /// <param name="what">What was found.</param>
    public readonly InvalidDataException Damaged(string what) => new($"'{name}' is cut short or damaged: {what}.");
}
