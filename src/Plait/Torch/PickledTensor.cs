namespace Plait.Torch;

/// <summary>A class or function that a pickle names.</summary>
/// <param name="Name">With its module.</param>
internal sealed record PickledClass(string Name);

/// <summary>Something that a pickle would make by calling what is not known here.</summary>
/// <param name="Class">What it would call.</param>
internal sealed record PickledObject(string Class);

/// <summary>A dictionary of a pickle, in the order of the file.</summary>
internal sealed class PickledDictionary(params IEnumerable<(object? Key, object? Value)> items)
{
    public List<(object? Key, object? Value)> Items { get; } = [.. items];

    /// <summary>The value of a text; null where it is absent.</summary>
    public object? Find(string key) => Items.FirstOrDefault(item => item.Key is string text && text == key).Value;
}

/// <summary>A run of numbers in a checkpoint, in which tensors lie.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="ElementSize">Bytes an element.</param>
/// <param name="Count">Elements.</param>
/// <param name="Start">The first element of the part that a view of it may use.</param>
internal sealed record PickledStorage(string Key, ScalarType Type, int ElementSize, long Count, long Start = 0)
{
    private static readonly Dictionary<string, (ScalarType Type, int Size)> Types = new(StringComparer.Ordinal)
    {
        ["torch.FloatStorage"] = (ScalarType.Float32, 4),
        ["torch.DoubleStorage"] = (ScalarType.Float64, 8),
        ["torch.HalfStorage"] = (ScalarType.Float16, 2),
        ["torch.BFloat16Storage"] = (ScalarType.BFloat16, 2),
        ["torch.LongStorage"] = (ScalarType.Int64, 8),
        ["torch.IntStorage"] = (ScalarType.Int32, 4),
        ["torch.ShortStorage"] = (ScalarType.Int16, 2),
        ["torch.CharStorage"] = (ScalarType.Int8, 1),
        ["torch.ByteStorage"] = (ScalarType.Byte, 1),
        ["torch.BoolStorage"] = (ScalarType.Bool, 1),
    };

    /// <summary>Bytes of all elements.</summary>
    public long Bytes => ElementSize * Count;

    /// <summary>A storage of one of PyTorch's classes.</summary>
    /// <exception cref="InvalidDataException">The class is not known, or there is no such count.</exception>
    public static PickledStorage Of(string type, string key, long count) =>
        Types.TryGetValue(type, out var known) && ArraySize.Bytes([count], known.Size) is not null
            ? new(key, known.Type, known.Size, count)
            : throw new InvalidDataException(
                $"storage '{key}' is {count} elements of '{type}', which is not known here"
            );
}

/// <summary>A tensor of a checkpoint: where in a storage its elements lie.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Offset">The place of its first element.</param>
/// <param name="Size">Its shape.</param>
/// <param name="Strides">Elements from one place to the next along each axis.</param>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Size, long[] Strides)
{
    /// <summary>The elements in the order of a contiguous tensor.</summary>
    /// <param name="name">What it is called, for errors.</param>
    /// <param name="storage">All bytes of the storage.</param>
    /// <param name="budget">What the file may take: many tensors may lie in one storage, and each becomes a copy.</param>
    /// <exception cref="InvalidDataException">It reaches beyond its storage, counts an element twice, or takes too much.</exception>
    public StateEntry Entry(string name, byte[] storage, ReadingBudget budget)
    {
        var first = checked(Storage.Start + Offset);
        var last = first;
        for (var axis = 0; axis < Size.Length && axis < Strides.Length; axis++)
        {
            last = checked(last + ((Size[axis] - 1) * Strides[axis]));
        }

        var length = ArraySize.Bytes(Size, Storage.ElementSize);
        var isInside =
            length is not null
            && Size.Length == Strides.Length
            && Array.TrueForAll(Strides, stride => stride >= 0)
            && first >= 0
            && length <= Storage.Bytes
            && (length == 0 || last < Storage.Count);
        if (!isInside)
        {
            throw new InvalidDataException(
                $"'{name}' [{string.Join(", ", Size.Take(ArraySize.MaximumAxes))}] lies outside its storage"
            );
        }

        budget.Take(length!.Value, "copies of tensors that share their numbers");
        var bytes = new byte[length.Value];
        if (length > 0)
        {
            Gather(storage, bytes, first);
        }

        return new StateEntry(Storage.Type, Size, new LargeBytes(bytes));
    }

    private void Gather(byte[] storage, byte[] bytes, long first)
    {
        // The trailing axes that lie as in a contiguous tensor are copied at one go.
        var (run, whole) = (1L, Size.Length);
        while (whole > 0 && (Size[whole - 1] == 1 || Strides[whole - 1] == run))
        {
            run *= Size[--whole];
        }

        var length = (int)(run * Storage.ElementSize);
        var index = new long[whole];
        for (var written = 0; written < bytes.Length; written += length)
        {
            var from = first + index.Select((place, axis) => place * Strides[axis]).Sum();
            storage.AsSpan((int)(from * Storage.ElementSize), length).CopyTo(bytes.AsSpan(written));
            for (var axis = whole - 1; axis >= 0 && ++index[axis] == Size[axis]; axis--)
            {
                index[axis] = 0;
            }
        }
    }
}
