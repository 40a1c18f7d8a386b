using System.Text.Json;
using Plait.Jobs;
using Plait.Torch;

namespace Plait.Benchmarks.Comparison;

/// <summary>The single-task networks that a comparison kept, which can teach another one: a list of their folders beside its report.</summary>
public static class SavedBaselines
{
    private const string FileName = "networks.json";

    /// <summary>The file in the folder of a comparison.</summary>
    /// <param name="folder">The comparison's folder.</param>
    public static string FileIn(string folder) => Path.Combine(folder, FileName);

    /// <summary>The folders of the networks.</summary>
    /// <param name="folder">The comparison's folder.</param>
    /// <exception cref="IOException">There is no list.</exception>
    /// <exception cref="JsonException">The list is damaged.</exception>
    public static IReadOnlyList<string> In(string folder) =>
        [
            .. (JsonSerializer.Deserialize<string[]>(File.ReadAllText(FileIn(folder))) ?? []).Select(one =>
                Path.GetFullPath(Path.Combine(folder, one))
            ),
        ];

    /// <summary>Writes where they are, each in the folder of its training.</summary>
    internal static void Keep(string folder, IEnumerable<EndedJob> ended)
    {
        var kept = ended
            .Where(job => job.Planned.Name == ComparisonPlan.Baseline && job.Result is not null)
            .Select(job => Path.GetRelativePath(folder, job.Folder));
        AtomicFile.WriteText(FileIn(folder), JsonSerializer.Serialize(kept));
    }
}
