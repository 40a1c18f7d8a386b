using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace Plait.Faults.Killing;

/// <summary>Compares all state that checkpoints hold as tensors: the network, the optimizer, the recipe's parts, the random generator.</summary>
internal static class Checkpoint
{
    /// <summary>The names of the tensors that are not the same bits.</summary>
    public static IEnumerable<string> Differences(string one, string other)
    {
        var (left, right) = (Read(one), Read(other));
        return left
            .Keys.Union(right.Keys)
            .Where(name => !left.ContainsKey(name) || !right.ContainsKey(name) || left[name] != right[name])
            .Select(name => $"checkpoint {name}");
    }

    /// <summary>Each tensor as text: its shape and its bytes.</summary>
    private static SortedDictionary<string, string> Read(string path)
    {
        var file = File.ReadAllBytes(path);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        var header = JsonNode.Parse(file.AsSpan(8, length))!.AsObject();
        var data = file.AsMemory(8 + length);
        var tensors = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, entry) in header.Where(pair => pair.Key != "__metadata__"))
        {
            var place = entry!["data_offsets"]!.AsArray();
            var bytes = data.Span[(int)place[0]!..(int)place[1]!];
            tensors[name] = $"{entry["dtype"]} {entry["shape"]!.ToJsonString()} {Convert.ToHexString(bytes)}";
        }

        return tensors;
    }
}
