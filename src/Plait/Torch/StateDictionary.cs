using System.Runtime.InteropServices;

namespace Plait.Torch;

/// <summary>Named arrays in managed memory: what a checkpoint holds of each part of a run.</summary>
public sealed class StateDictionary
{
    private readonly SortedDictionary<string, StateEntry> entries;
    private readonly string prefix;

    /// <summary>Starts empty.</summary>
    public StateDictionary()
        : this(new SortedDictionary<string, StateEntry>(StringComparer.Ordinal), "") { }

    private StateDictionary(SortedDictionary<string, StateEntry> entries, string prefix)
    {
        this.entries = entries;
        this.prefix = prefix;
    }

    /// <summary>The names, in order.</summary>
    public IEnumerable<string> Names =>
        entries
            .Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => name[prefix.Length..]);

    /// <summary>The same dictionary seen through a prefix: the names of one part of a run.</summary>
    public StateDictionary Part(string name) => new(entries, $"{prefix}{name}/");

    /// <summary>Takes over all entries of another dictionary, under their names there.</summary>
    public void CopyFrom(StateDictionary other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (var name in other.Names.ToArray())
        {
            entries[prefix + name] = other.Entry(name);
        }
    }

    /// <summary>Whether an entry of this name exists.</summary>
    public bool Contains(string name) => entries.ContainsKey(prefix + name);

    /// <summary>Stores a copy of a tensor.</summary>
    public void Set(string name, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var scope = torch.NewDisposeScope();
        var local = tensor.detach().cpu().contiguous();
        entries[prefix + name] = new StateEntry(local.dtype, local.shape, LargeBytes.Of(local));
    }

    /// <summary>Stores numbers.</summary>
    public void Set(string name, ReadOnlySpan<double> numbers) =>
        entries[prefix + name] = new StateEntry(
            ScalarType.Float64,
            [numbers.Length],
            new LargeBytes(MemoryMarshal.AsBytes(numbers).ToArray())
        );

    /// <summary>Stores whole numbers.</summary>
    public void Set(string name, ReadOnlySpan<long> numbers) =>
        entries[prefix + name] = new StateEntry(
            ScalarType.Int64,
            [numbers.Length],
            new LargeBytes(MemoryMarshal.AsBytes(numbers).ToArray())
        );

    /// <summary>Stores bytes.</summary>
    public void Set(string name, ReadOnlySpan<byte> bytes) =>
        entries[prefix + name] = new StateEntry(ScalarType.Byte, [bytes.Length], new LargeBytes(bytes.ToArray()));

    /// <summary>Copies an entry into a tensor of the same shape and type, on any device.</summary>
    /// <exception cref="InvalidDataException">The entry is absent, or of another shape or type.</exception>
    public void CopyTo(string name, Tensor tensor)
    {
        RequireFit(name, tensor);
        var entry = Entry(name);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var local = torch.empty(entry.Shape, entry.Type);
        entry.Bytes.CopyTo(local);
        tensor.copy_(local);
    }

    /// <summary>Checks that an entry could be copied into a tensor.</summary>
    /// <exception cref="InvalidDataException">The entry is absent, or of another shape or type.</exception>
    public void RequireFit(string name, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var entry = Entry(name);
        if (entry.Type != tensor.dtype || !entry.Shape.SequenceEqual(tensor.shape))
        {
            throw new InvalidDataException(
                $"'{prefix}{name}' is {entry.Type} [{string.Join(", ", entry.Shape)}] in the file but {tensor.dtype} [{string.Join(", ", tensor.shape)}] here: the file belongs to another network or recipe."
            );
        }
    }

    /// <summary>A new tensor with an entry's content, in main memory.</summary>
    /// <exception cref="InvalidDataException">The entry is absent.</exception>
    public Tensor Tensor(string name)
    {
        var entry = Entry(name);
        var tensor = torch.empty(entry.Shape, entry.Type);
        entry.Bytes.CopyTo(tensor);
        return tensor;
    }

    /// <summary>The numbers stored under a name.</summary>
    /// <exception cref="InvalidDataException">The entry is absent.</exception>
    public double[] Numbers(string name) => MemoryMarshal.Cast<byte, double>(Entry(name).Bytes.Whole).ToArray();

    /// <summary>The whole numbers stored under a name.</summary>
    /// <exception cref="InvalidDataException">The entry is absent.</exception>
    public long[] Integers(string name) => MemoryMarshal.Cast<byte, long>(Entry(name).Bytes.Whole).ToArray();

    /// <summary>The bytes stored under a name.</summary>
    /// <exception cref="InvalidDataException">The entry is absent.</exception>
    public byte[] Bytes(string name) => Entry(name).Bytes.Whole;

    internal void Set(string name, StateEntry entry) => entries[prefix + name] = entry;

    internal StateEntry Entry(string name) =>
        entries.TryGetValue(prefix + name, out var entry)
            ? entry
            : throw new InvalidDataException(
                $"'{prefix}{name}' is not in the file: it belongs to another network or recipe."
            );
}

/// <summary>One named array: element type, shape and raw bytes in the machine's order.</summary>
internal sealed record StateEntry(ScalarType Type, long[] Shape, LargeBytes Bytes);
