using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Numerics;

namespace Plait.Torch;

/// <summary>Reads the named tensors of a state dictionary that PyTorch saved (.pt, .pth), without running anything that is in the file.</summary>
/// <remarks>
/// Two formats: since PyTorch 1.6 a zip archive that holds a pickle and one entry for each tensor's storage; before it, pickles and the raw
/// storages one after the other. A checkpoint that holds the dictionary under "state_dict", "model_state_dict", "model_state" or "model"
/// is read as well; what else it holds is passed over.
/// </remarks>
public static class PyTorchFile
{
    private const byte PickleProtocol = 0x80; // what every pickle that PyTorch writes starts with
    private const int LargestPickle = 256_000_000;
    private const int BytesOfInstruction = 80; // what one byte of a pickle makes at most: an empty dictionary
    private const int LongestOrder = 16; // "little" or "big"
    private const long LegacyVersion = 1001;

    private static readonly BigInteger LegacyMagic = BigInteger.Parse(
        "01950a86a20f9469cfc6c",
        NumberStyles.HexNumber,
        CultureInfo.InvariantCulture
    );

    private static ReadOnlySpan<byte> Zip => "PK\u0003\u0004"u8;

    private static readonly string[] Wrappers = ["state_dict", "model_state_dict", "model_state", "model"];

    /// <summary>Whether a file begins as PyTorch's do, and not as a safetensors file whose header happens to have a length of such bytes.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public static bool IsOne(string path)
    {
        using var stream = StoredFile.OpenRead(path);
        Span<byte> start = stackalloc byte[SafeTensorsFile.HeaderStart + 1];
        var count = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        start = start[..count];
        var isSafeTensors = count > SafeTensorsFile.HeaderStart && start[SafeTensorsFile.HeaderStart] == (byte)'{';
        return !isSafeTensors && count > 0 && (start.StartsWith(Zip) || start[0] == PickleProtocol);
    }

    /// <summary>Reads a file whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">What its content may take; null for the usual limits.</param>
    /// <exception cref="InvalidDataException">It is damaged, or holds no state dictionary; the message names it.</exception>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public static StateDictionary Read(string path, ReadingLimits? limits = null)
    {
        using var stream = StoredFile.OpenRead(path);
        try
        {
            var budget = new ReadingBudget(null, stream.Length, limits);
            return IsZip(stream) ? ReadArchive(stream, budget) : ReadLegacy(stream, budget);
        }
        catch (Exception failure)
            when (failure is InvalidDataException or EndOfStreamException or OverflowException or NotSupportedException)
        {
            throw new InvalidDataException(
                $"{path}: not a whole PyTorch state dictionary ({ForeignText.Printable(failure.Message.TrimEnd('.'))}).",
                failure
            );
        }
    }

    private static bool IsZip(Stream stream)
    {
        Span<byte> start = stackalloc byte[Zip.Length];
        var count = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        return start[..count].SequenceEqual(Zip);
    }

    private static StateDictionary ReadArchive(Stream stream, ReadingBudget budget)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Read);
        var pickle =
            archive.Entries.FirstOrDefault(entry => entry.FullName.EndsWith("/data.pkl", StringComparison.Ordinal))
            ?? throw new InvalidDataException(
                "the archive has no data.pkl; save with torch.save(model.state_dict(), file)"
            );
        var root = pickle.FullName[..^"data.pkl".Length];
        if (archive.GetEntry(root + "byteorder") is { } order)
        {
            var text = System.Text.Encoding.ASCII.GetString(Bytes(order, budget, LongestOrder));
            if (text.Trim() != "little")
            {
                throw new InvalidDataException(
                    $"its numbers are {text.Trim()}-endian; only little-endian files are read"
                );
            }
        }

        using var content = new MemoryStream(Bytes(pickle, budget, LargestPickle));
        budget.Take(content.Length, BytesOfInstruction, "what its data.pkl makes");
        var read = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        return State(
            new Unpickler(content).Load(),
            storage =>
            {
                if (!read.TryGetValue(storage.Key, out var bytes))
                {
                    var entry =
                        archive.GetEntry($"{root}data/{storage.Key}")
                        ?? throw new InvalidDataException($"the archive has no data/{storage.Key}");
                    var expected = storage.Bytes;
                    read[storage.Key] = bytes =
                        entry.Length == expected
                            ? Bytes(entry, budget, Array.MaxLength)
                            : throw new InvalidDataException(
                                $"data/{storage.Key} has {entry.Length} bytes and its tensors need {expected}"
                            );
                }

                return bytes;
            },
            budget
        );
    }

    private static StateDictionary ReadLegacy(FileStream stream, ReadingBudget budget)
    {
        using var content = new BufferedStream(stream);
        if (Next() is not BigInteger magic || magic != LegacyMagic || Next() is not LegacyVersion)
        {
            throw new InvalidDataException("it is a pickle that torch.save did not write");
        }

        Next(); // the machine that wrote it
        var unpickler = new Unpickler(content);
        var root = unpickler.Load();
        var read = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        Span<byte> count = stackalloc byte[sizeof(long)];
        foreach (var key in (Next() as List<object?> ?? []).OfType<string>())
        {
            content.ReadExactly(count);
            var size =
                unpickler.Storages.TryGetValue(key, out var storage)
                && storage.Count == BinaryPrimitives.ReadInt64LittleEndian(count)
                && storage.Bytes <= Math.Min(Array.MaxLength, content.Length - content.Position)
                    ? storage.Bytes
                    : throw new InvalidDataException($"storage '{key}' is not of the size that its tensors need");
            content.ReadExactly(read[key] = new byte[size]);
        }

        return State(
            root,
            storage =>
                read.TryGetValue(storage.Key, out var bytes)
                    ? bytes
                    : throw new InvalidDataException($"storage '{storage.Key}' is absent"),
            budget
        );

        object? Next() => new Unpickler(content).Load();
    }

    private static StateDictionary State(object? root, Func<PickledStorage, byte[]> read, ReadingBudget budget)
    {
        var dictionary =
            HasTensors(root)
            ?? Wrappers
                .Select(name => HasTensors((root as PickledDictionary)?.Find(name)))
                .FirstOrDefault(found => found is not null)
            ?? throw new InvalidDataException(
                $"it holds {Describe(root)} and no dictionary of tensors; save with torch.save(model.state_dict(), file)"
            );
        var state = new StateDictionary();
        foreach (var (key, value) in dictionary.Items)
        {
            if (key is string name && value is PickledTensor tensor)
            {
                state.Set(name, tensor.Entry(name, read(tensor.Storage), budget));
            }
        }

        return state;
    }

    private static PickledDictionary? HasTensors(object? value) =>
        value is PickledDictionary dictionary && dictionary.Items.Any(item => item.Value is PickledTensor)
            ? dictionary
            : null;

    private static string Describe(object? root) =>
        root switch
        {
            PickledObject thing => $"a Python object of {thing.Class}",
            PickledDictionary => "a dictionary",
            PickledTensor => "one tensor",
            null => "nothing",
            _ => "a list or a number",
        };

    /// <summary>An entry's bytes: no more than it may have, than its packed ones can hold, or than the file may take.</summary>
    private static byte[] Bytes(ZipArchiveEntry entry, ReadingBudget budget, long most)
    {
        if (entry.Length > most)
        {
            throw new InvalidDataException(
                $"{entry.Name} of {entry.Length} bytes is no state dictionary's; at most {most} are read"
            );
        }

        budget.TakeUnpacked(entry.Length, entry.CompressedLength, entry.Name);
        using var stream = entry.Open();
        var bytes = ReadingBudget.Read(stream, entry.Length);
        return bytes.Length == entry.Length ? bytes : throw new EndOfStreamException($"{entry.Name} is cut short");
    }
}
