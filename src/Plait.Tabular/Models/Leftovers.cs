namespace Plait.Tabular.Models;

/// <summary>Tells a folder of ours, in which a killed process may have left something, from somebody else's.</summary>
internal static class Leftovers
{
    private const string Ending = ".tmp"; // what AtomicFile writes to until a file is whole

    /// <summary>The name of the first thing in a folder that is not ours; null where there is none.</summary>
    /// <param name="folder">A folder that is there.</param>
    /// <param name="kept">Names of files that may be there.</param>
    /// <param name="begun">Names of files that may have been begun.</param>
    public static string? FirstOther(string folder, string[] kept, string[] begun) =>
        Directory
            .EnumerateFileSystemEntries(folder)
            .Select(entry => Path.GetFileName(entry))
            .FirstOrDefault(name =>
                !kept.Contains(name)
                && !(
                    name.EndsWith(Ending, StringComparison.Ordinal)
                    && begun.Any(file => name.StartsWith(file, StringComparison.Ordinal))
                )
            );
}
