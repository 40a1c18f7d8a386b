namespace Plait.Benchmarks.Scenes;

/// <summary>Keeps rendered sets on disk, one file each, so that each is rendered once.</summary>
/// <remarks>
/// A file is used only when its checksum is right and it says that it is what was asked for; otherwise the set is rendered and the
/// file replaced. A folder that cannot be read or written costs time, nothing else. Several programs may use one folder at once.
/// </remarks>
/// <param name="directory">The folder, made when it is not there; null keeps nothing.</param>
internal sealed class SceneCache(string? directory)
{
    private const string Chosen = "PLAIT_CACHE";
    private const string Desktop = "XDG_CACHE_HOME";

    /// <summary>The user's folder for what can be made again; null where the system knows none.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    public static string? UserDirectory(Func<string, string?> variable)
    {
        if (variable(Chosen) is { Length: > 0 } chosen)
        {
            return chosen;
        }

        var folder = variable(Desktop) is { Length: > 0 } desktop
            ? desktop
            : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return folder.Length == 0 ? null : Path.Combine(folder, "plait", "scenes");
    }

    /// <summary>A set: from its file, or rendered and kept.</summary>
    /// <param name="count">How many scenes.</param>
    /// <param name="side">The width and height of an image, pixels.</param>
    /// <param name="seed">What they are drawn from.</param>
    public SceneSet Get(int count, int side, long seed)
    {
        if (directory is null)
        {
            return SceneSet.Render(count, side, seed);
        }

        var path = Path.Combine(directory, SceneFile.NameOf(count, side, seed));
        return TryRead(path, count, side, seed) ?? Render(path, count, side, seed);
    }

    private static SceneSet? TryRead(string path, int count, int side, long seed)
    {
        try
        {
            return File.Exists(path) ? SceneFile.Read(path, count, side, seed) : null;
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return null; // damaged, foreign or out of reach: it is rendered instead
        }
    }

    private static SceneSet Render(string path, int count, int side, long seed)
    {
        var set = SceneSet.Render(count, side, seed);
        try
        {
            SceneFile.Write(path, set, seed);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A full disk, or a folder that is read-only: the next load renders again.
        }

        return set;
    }
}
