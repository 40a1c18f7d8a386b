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
        using var stream = File.OpenRead(path);
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
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        stream.Write(length);
        stream.Write(text);
        foreach (var name in state.Names)
        {
            stream.Write(state.Entry(name).Bytes);
        }
    }

    private static (StateDictionary, IReadOnlyDictionary<string, string>) Read(Stream stream)
    {
        Span<byte> length = stackalloc byte[8];
        stream.ReadExactly(length);
        var count = BinaryPrimitives.ReadInt64LittleEndian(length);
        if (count is <= 0 or > LargestHeader)
        {
            throw new InvalidDataException("its first eight bytes are no header's length");
        }

        var text = new byte[count];
        stream.ReadExactly(text);
        var data = new byte[stream.Length - stream.Position];
        stream.ReadExactly(data);
        var state = new StateDictionary();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (
            var (name, value) in JsonNode.Parse(text) as JsonObject
                ?? throw new InvalidDataException("its header is no JSON object")
        )
        {
            if (name == "__metadata__")
            {
                foreach (var (key, note) in value as JsonObject ?? [])
                {
                    metadata[key] = (string?)note ?? "";
                }

                continue;
            }

            state.Set(
                name,
                value is JsonObject entry
                    ? ReadEntry(name, entry, data)
                    : throw new InvalidDataException($"'{name}' is not described")
            );
        }

        if (metadata.Remove(ChecksumKey, out var expected) && expected != Checksum(state, metadata))
        {
            throw new InvalidDataException("its checksum does not match its content");
        }

        return (state, metadata);
    }

    private static StateEntry ReadEntry(string name, JsonObject value, byte[] data)
    {
        var type = (string?)value["dtype"];
        var shape = Integers(name, value, "shape");
        if (Integers(name, value, "data_offsets") is not [var from, var to])
        {
            throw new InvalidDataException($"the place of '{name}' is not two numbers");
        }

        var known = Array.Find(Types, candidate => candidate.Name == type);
        if (known.Name is null)
        {
            throw new InvalidDataException($"'{name}' has elements of type '{type}', which is not known here");
        }

        if (
            from < 0
            || to < from
            || to > data.Length
            || Array.Exists(shape, size => size < 0)
            || to - from != shape.Aggregate((long)known.Size, (product, size) => product * size)
        )
        {
            throw new InvalidDataException($"'{name}' lies outside the file");
        }

        return new StateEntry(known.Type, shape, data[(int)from..(int)to]);
    }

    private static long[] Integers(string name, JsonObject entry, string field) =>
        entry[field] is JsonArray numbers && numbers.All(number => number is not null)
            ? [.. numbers.Select(number => (long)number!)]
            : throw new InvalidDataException($"'{name}' has no '{field}'");

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
            hash.AppendData(entry.Bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string NameOf(ScalarType type) =>
        Array.Find(Types, candidate => candidate.Type == type && candidate.Name is not null) is { Name: { } name }
            ? name
            : throw new NotSupportedException($"Tensors of {type} are not written to files.");
}
