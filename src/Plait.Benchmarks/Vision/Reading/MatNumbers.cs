using System.Buffers.Binary;

namespace Plait.Benchmarks.Vision.Reading;

/// <summary>The numbers of an element of a MAT file, as they are stored: MATLAB packs them into the smallest type that holds them all.</summary>
internal readonly struct MatNumbers
{
    private readonly ReadOnlyMemory<byte> bytes;
    private readonly int type;
    private readonly int size;
    private readonly bool bigEndian;

    /// <param name="type">The element's type.</param>
    /// <param name="bytes">Its data; what is left over of a last number is not looked at.</param>
    /// <param name="bigEndian">Whether a number's highest byte comes first.</param>
    /// <param name="name">What errors call the file.</param>
    /// <exception cref="InvalidDataException">It is no type of numbers.</exception>
    public MatNumbers(int type, ReadOnlyMemory<byte> bytes, bool bigEndian, string name)
    {
        this.bytes = bytes;
        this.type = type;
        this.bigEndian = bigEndian;
        size = type switch
        {
            1 or 2 or 16 => 1,
            3 or 4 or 17 => 2,
            5 or 6 or 7 => 4,
            9 or 12 or 13 => 8,
            _ => throw new InvalidDataException(
                $"'{name}' holds numbers of type {type}; expected one of MATLAB's numbers."
            ),
        };
    }

    /// <summary>How many there are.</summary>
    public int Count => bytes.Length / size;

    /// <summary>One of them, in single precision.</summary>
    public float this[int place]
    {
        get
        {
            var one = bytes.Span.Slice(place * size, size);
            return type switch
            {
                1 => (sbyte)one[0],
                2 or 16 => one[0],
                3 => bigEndian ? BinaryPrimitives.ReadInt16BigEndian(one) : BinaryPrimitives.ReadInt16LittleEndian(one),
                4 or 17 => bigEndian
                    ? BinaryPrimitives.ReadUInt16BigEndian(one)
                    : BinaryPrimitives.ReadUInt16LittleEndian(one),
                5 => bigEndian ? BinaryPrimitives.ReadInt32BigEndian(one) : BinaryPrimitives.ReadInt32LittleEndian(one),
                6 => bigEndian
                    ? BinaryPrimitives.ReadUInt32BigEndian(one)
                    : BinaryPrimitives.ReadUInt32LittleEndian(one),
                7 => bigEndian
                    ? BinaryPrimitives.ReadSingleBigEndian(one)
                    : BinaryPrimitives.ReadSingleLittleEndian(one),
                9 => (float)(
                    bigEndian ? BinaryPrimitives.ReadDoubleBigEndian(one) : BinaryPrimitives.ReadDoubleLittleEndian(one)
                ),
                12 => bigEndian
                    ? BinaryPrimitives.ReadInt64BigEndian(one)
                    : BinaryPrimitives.ReadInt64LittleEndian(one),
                _ => bigEndian
                    ? BinaryPrimitives.ReadUInt64BigEndian(one)
                    : BinaryPrimitives.ReadUInt64LittleEndian(one),
            };
        }
    }

    /// <summary>All of them, in single precision.</summary>
    public float[] ToArray()
    {
        var numbers = new float[Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = this[i];
        }

        return numbers;
    }
}
