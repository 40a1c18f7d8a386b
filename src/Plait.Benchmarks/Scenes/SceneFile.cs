using System.Globalization;
using System.Runtime.InteropServices;
using Plait.Torch;

namespace Plait.Benchmarks.Scenes;

/// <summary>Writes rendered sets to safetensors files with a checksum, and reads them.</summary>
internal static class SceneFile
{
    /// <summary>The name of a set's file: what it holds, so that sets never take each other's place.</summary>
    public static string NameOf(int count, int side, long seed) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"scenes-v{SceneSet.Version}-{count}x{side}-seed{seed}.safetensors"
        );

    /// <summary>Writes a set atomically.</summary>
    /// <param name="path">The file.</param>
    /// <param name="set">The set.</param>
    /// <param name="seed">What it was drawn from.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, SceneSet set, long seed)
    {
        using var scope = torch.NewDisposeScope();
        var state = new StateDictionary();
        long[] map = [set.Count, set.Side, set.Side];
        long[] channels = [set.Count, 3, set.Side, set.Side];
        Keep(state, "images", set.Images, ScalarType.Byte, channels);
        Keep(state, "classes", set.Classes, ScalarType.Byte, map);
        Keep(state, "parts", set.Parts, ScalarType.Byte, map);
        Keep(state, "instances", set.Instances, ScalarType.Byte, map);
        Keep(state, "edges", set.Edges, ScalarType.Byte, map);
        Keep(state, "saliency", set.Saliency, ScalarType.Byte, map);
        Keep(state, "boundaries", set.Boundaries, ScalarType.Byte, map);
        Keep(state, "depths", set.Depths, ScalarType.Float32, map);
        Keep(state, "normals", set.Normals, ScalarType.Int16, channels);
        SafeTensorsFile.Write(path, state, Describe(set.Count, set.Side, seed));
    }

    /// <summary>Reads a set.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or holds something else than what is asked for.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SceneSet Read(string path, int count, int side, long seed)
    {
        var (state, description) = SafeTensorsFile.Read(path);
        var wanted = Describe(count, side, seed);
        if (
            wanted.Count != description.Count
            || wanted.Any(pair => description.GetValueOrDefault(pair.Key) != pair.Value)
        )
        {
            throw new InvalidDataException(
                $"{path}: holds other scenes than version {SceneSet.Version}, {count} of side {side}, seed {seed}."
            );
        }

        var set = new SceneSet(count, side);
        Take(state, "images", set.Images);
        Take(state, "classes", set.Classes);
        Take(state, "parts", set.Parts);
        Take(state, "instances", set.Instances);
        Take(state, "edges", set.Edges);
        Take(state, "saliency", set.Saliency);
        Take(state, "boundaries", set.Boundaries);
        Take(state, "depths", set.Depths);
        Take(state, "normals", set.Normals);
        return set;
    }

    private static Dictionary<string, string> Describe(int count, int side, long seed) =>
        new()
        {
            ["renderer"] = SceneSet.Version.ToString(CultureInfo.InvariantCulture),
            ["scenes"] = count.ToString(CultureInfo.InvariantCulture),
            ["side"] = side.ToString(CultureInfo.InvariantCulture),
            ["seed"] = seed.ToString(CultureInfo.InvariantCulture),
        };

    private static void Keep<T>(StateDictionary state, string name, T[] values, ScalarType type, long[] shape)
        where T : unmanaged
    {
        using var tensor = torch.empty(shape, type);
        tensor.bytes = MemoryMarshal.AsBytes(values.AsSpan());
        state.Set(name, tensor);
    }

    private static void Take<T>(StateDictionary state, string name, T[] values)
        where T : unmanaged
    {
        var kept = MemoryMarshal.Cast<byte, T>(state.Bytes(name));
        if (kept.Length != values.Length)
        {
            throw new InvalidDataException($"'{name}' has {kept.Length} numbers; expected {values.Length}.");
        }

        kept.CopyTo(values);
    }
}
