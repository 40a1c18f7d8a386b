using System.Text.RegularExpressions;

namespace Plait.Jobs.Runs;

/// <summary>The folders of a store's runs: the one place where an id becomes a path.</summary>
/// <param name="store">The store's folder.</param>
internal sealed partial class RunFolders(string store)
{
    /// <summary>Where a run's folder is, or would be.</summary>
    /// <exception cref="RunStoreException">The id is none that a store gives, so that it may lead anywhere.</exception>
    public string PathOf(string id) =>
        Id().IsMatch(id)
            ? Path.Combine(store, "runs", id)
            : throw new RunStoreException(
                $"The store '{store}' has a run '{id.ReplaceLineEndings(" ")}', which is no id that Plait gives, such as 261122-181500-0a1b: somebody else has written into the store, so nothing is read or deleted for that run."
            );

    /// <summary>Deletes the folders that are there.</summary>
    public static void Delete(IEnumerable<string> paths)
    {
        foreach (var folder in paths.Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <remarks>The form of <see cref="RunIds.Create"/>.</remarks>
    [GeneratedRegex("^[0-9]{6}-[0-9]{6}-[0-9a-f]{4}\\z")]
    private static partial Regex Id();
}
