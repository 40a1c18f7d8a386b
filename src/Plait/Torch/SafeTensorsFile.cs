using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plait.Torch;

/// <summary>Reads and writes named tensors in the safetensors format, with a checksum over everything in its metadata.</summary>
/// <remarks>
/// The format: eight bytes, little-endian, that count the header; the header, a JSON object from each name to its dtype, shape
/// and place; the raw data. Any safetensors reader opens these files; only this one checks the sum, which files of other programs do not have.
/// </remarks>
public static class SafeTensorsFile
{
    /// <summary>Where the header begins, behind its length.</summary>
    internal const int HeaderStart = sizeof(long);

    private const string ChecksumKey = "sha256";
    private const int LargestHeader = 100_000_000;

    private static readonly JsonDocumentOptions HeaderOptions = new()
    {
        MaxDepth = 8, // a header is three deep
        AllowDuplicateProperties = false,
    };

    private static readonly (string Name, ScalarType Type, int Size)[] Types =
    [
        ("F32", ScalarType.Float32, 4),
        ("F64", ScalarType.Float64, 8),
        ("F16", ScalarType.Float16, 2),
        ("BF16", ScalarType.BFloat16, 2),
        ("I64", ScalarType.Int64, 8),
        ("I32", ScalarType.Int32, 4),
        ("I16", ScalarType.Int16, 2),
        ("I8", ScalarType.Int8, 1),
        ("U8", ScalarType.Byte, 1),
        ("BOOL", ScalarType.Bool, 1),
    ];

    /// <summary>Writes a file atomically.</summary>
    /// <param name="path">The file.</param>
    /// <param name="state">What to write.</param>
    /// <param name="metadata">Text to keep beside it.</param>
    /// <exception cref="IOException">It cannot be written; a file that was there is as it was.</exception>
    public static void Write(string path, StateDictionary state, IReadOnlyDictionary<string, string> metadata) =>
        AtomicFile.Write(path, stream => Write(stream, state, metadata));

    /// <summary>Reads a file whole, and checks it.</summary>
    /// <exception cref="InvalidDataException">It is torn, damaged, or no such file at all; the message names it.</exception>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public static (StateDictionary State, IReadOnlyDictionary<string, string> Metadata) Read(string path)
    {
        using var stream = StoredFile.OpenRead(path);
        try
        {
            return Read(stream);
        }
        catch (Exception failure)
            when (failure
                    is InvalidDataException
                        or JsonException
                        or EndOfStreamException
                        or InvalidOperationException
                        or FormatException
                        or ArgumentException
            )
        {
            throw new InvalidDataException(
                $"{path}: not a whole safetensors file ({ForeignText.Printable(failure.Message.TrimEnd('.'))}).",
                failure
            );
        }
    }

    internal static void Write(Stream stream, StateDictionary state, IReadOnlyDictionary<string, string> metadata)
    {
        var header = new JsonObject();
        var notes = new JsonObject();
        foreach (var (key, value) in metadata)
        {
            notes[key] = value;
        }

        notes[ChecksumKey] = Checksum(state, metadata);
        header["__metadata__"] = notes;
        long place = 0;
        foreach (var name in state.Names)
        {
            var entry = state.Entry(name);
            header[name] = new JsonObject
            {
                ["dtype"] = NameOf(entry.Type),
                ["shape"] = new JsonArray([.. entry.Shape.Select(size => JsonValue.Create(size))]),
                ["data_offsets"] = new JsonArray(place, place + entry.Bytes.Length),
            };
            place += entry.Bytes.Length;
        }

        var text = Encoding.UTF8.GetBytes(header.ToJsonString());
        Span<byte> length = stackalloc byte[HeaderStart];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        stream.Write(length);
        stream.Write(text);
        foreach (var name in state.Names)
        {
            foreach (var piece in state.Entry(name).Bytes.Pieces)
            {
                stream.Write(piece);
            }
        }
    }

    /// <summary>Reads tensor by tensor: no more memory than the file has bytes, whatever its header says.</summary>
    /// <param name="stream">One that can seek.</param>
    /// <param name="pieceLength">Bytes that are read at a time, a multiple of 8: tests lower it.</param>
    internal static (StateDictionary State, IReadOnlyDictionary<string, string> Metadata) Read(
        Stream stream,
        int pieceLength = LargeBytes.PieceLength
    )
    {
        using var header = ReadHeader(stream);
        var data = stream.Position;
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var places = new List<Place>();
        foreach (var entry in header.RootElement.EnumerateObject())
        {
            if (entry.NameEquals("__metadata__"))
            {
                foreach (var note in entry.Value.EnumerateObject())
                {
                    metadata[note.Name] = note.Value.GetString() ?? "";
                }
            }
            else
            {
                places.Add(
                    entry.Value.ValueKind == JsonValueKind.Object
                        ? PlaceOf(entry.Name, entry.Value, stream.Length - data)
                        : throw new InvalidDataException($"'{entry.Name}' is not described")
                );
            }
        }

        var state = new StateDictionary();
        foreach (var place in places.OrderBy(place => place.From).ThenBy(place => place.To))
        {
            if (data + place.From < stream.Position)
            {
                throw new InvalidDataException($"'{place.Name}' lies over another tensor");
            }

            stream.Position = data + place.From;
            var bytes = LargeBytes.Read(stream, place.To - place.From, pieceLength);
            state.Set(place.Name, new StateEntry(place.Type, place.Shape, bytes));
        }

        if (metadata.Remove(ChecksumKey, out var expected) && expected != Checksum(state, metadata))
        {
            throw new InvalidDataException("its checksum does not match its content");
        }

        return (state, metadata);
    }

    private static JsonDocument ReadHeader(Stream stream)
    {
        Span<byte> length = stackalloc byte[HeaderStart];
        stream.ReadExactly(length);
        var count = BinaryPrimitives.ReadInt64LittleEndian(length);
        if (count is <= 0 or > LargestHeader)
        {
            throw new InvalidDataException("its first eight bytes are no header's length");
        }

        if (count > stream.Length - stream.Position)
        {
            throw new InvalidDataException($"its header of {count} bytes ends beyond the file");
        }

        var text = new byte[count];
        stream.ReadExactly(text);
        var header = JsonDocument.Parse(text, HeaderOptions);
        if (header.RootElement.ValueKind == JsonValueKind.Object)
        {
            return header;
        }

        header.Dispose();
        throw new InvalidDataException("its header is no JSON object");
    }

    private static Place PlaceOf(string name, JsonElement entry, long end)
    {
        var type = entry.TryGetProperty("dtype", out var text) ? text.GetString() : null;
        var shape = Integers(name, entry, "shape");
        if (Integers(name, entry, "data_offsets") is not [var from, var to])
        {
            throw new InvalidDataException($"the place of '{name}' is not two numbers");
        }

        var known = Array.Find(Types, candidate => candidate.Name == type);
        if (known.Name is null)
        {
            throw new InvalidDataException($"'{name}' has elements of type '{type}', which is not known here");
        }

        return from >= 0 && to >= from && to <= end && to - from == ArraySize.Bytes(shape, known.Size)
            ? new(name, known.Type, shape, from, to)
            : throw new InvalidDataException($"'{name}' lies outside the file");
    }

    private static long[] Integers(string name, JsonElement entry, string field)
    {
        if (!entry.TryGetProperty(field, out var numbers) || numbers.ValueKind != JsonValueKind.Array)
        {
            throw new InvalidDataException($"'{name}' has no '{field}'");
        }

        return numbers.GetArrayLength() <= ArraySize.MaximumAxes
            ? [.. numbers.EnumerateArray().Select(number => number.GetInt64())]
            : throw new InvalidDataException(
                $"the '{field}' of '{name}' has {numbers.GetArrayLength()} numbers; at most {ArraySize.MaximumAxes} are read"
            );
    }

    private static string Checksum(StateDictionary state, IReadOnlyDictionary<string, string> metadata)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{key}\n{value}\n"));
        }

        foreach (var name in state.Names)
        {
            var entry = state.Entry(name);
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\n{NameOf(entry.Type)}\n{string.Join(',', entry.Shape)}\n"));
            foreach (var piece in entry.Bytes.Pieces)
            {
                hash.AppendData(piece);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string NameOf(ScalarType type) =>
        Array.Find(Types, candidate => candidate.Type == type && candidate.Name is not null) is { Name: { } name }
            ? name
            : throw new NotSupportedException($"Tensors of {type} are not written to files.");

    /// <summary>Where a tensor lies, from the end of the header.</summary>
    private sealed record Place(string Name, ScalarType Type, long[] Shape, long From, long To);
}
