namespace Plait.Faults.Processes;

/// <summary>A folder that goes with its owner.</summary>
internal sealed class Folder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("plait-faults-");

    public string Path => folder.FullName;

    public string Of(params string[] names) => System.IO.Path.Combine([Path, .. names]);

    public void Dispose() => folder.Delete(recursive: true);

    /// <summary>Every file of a folder by its name, in order; nothing where there is no such folder.</summary>
    public static IReadOnlyDictionary<string, byte[]> Contents(string folder) =>
        Directory.Exists(folder)
            ? new SortedDictionary<string, byte[]>(
                Directory.GetFiles(folder).ToDictionary(file => System.IO.Path.GetFileName(file), File.ReadAllBytes),
                StringComparer.Ordinal
            )
            : new SortedDictionary<string, byte[]>(StringComparer.Ordinal);

    /// <summary>The names of the files that differ between two folders, or are in one alone.</summary>
    public static IReadOnlyList<string> Differences(
        IReadOnlyDictionary<string, byte[]> one,
        IReadOnlyDictionary<string, byte[]> other
    ) =>
        [
            .. one
                .Keys.Union(other.Keys)
                .Where(name =>
                    !one.TryGetValue(name, out var left)
                    || !other.TryGetValue(name, out var right)
                    || !left.AsSpan().SequenceEqual(right)
                ),
        ];
}
