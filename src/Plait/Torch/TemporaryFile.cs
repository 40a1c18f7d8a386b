namespace Plait.Torch;

/// <summary>What an output is written to until it is whole: <c>NAME.tmp</c> with 32 digits before the ending, beside its place.</summary>
/// <remarks>
/// A writer keeps its file open, and so locked, until it is renamed. The system lets go of the lock with the process, however that
/// ends: what can be locked has no writer any more. Where locks do nothing, as on some network drives, nothing is cleared away.
/// </remarks>
internal static class TemporaryFile
{
    private const string Ending = ".tmp";
    private const int Digits = 32;
    private const int Attempts = 8;

    /// <summary>Begins one, and clears away those that others left for the same place.</summary>
    /// <param name="place">Where the output is to appear.</param>
    /// <param name="disk">Makes the file.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static (string Path, Stream Content) Begin(string place, DiskSteps disk)
    {
        var (path, content) = Create(place, disk);
        ClearLeftovers(place, path);
        return (path, content);
    }

    private static (string Path, Stream Content) Create(string place, DiskSteps disk)
    {
        for (var attempt = 1; ; attempt++)
        {
            var path = $"{place}.{Guid.NewGuid():N}{Ending}";
            try
            {
                var content = disk.Create(path);
                if (File.Exists(path))
                {
                    return (path, content);
                }

                content.Dispose(); // Another writer looked between creation and lock, and took it for a leftover.
            }
            catch (IOException) when (attempt < Attempts)
            {
                // The same, and that writer still holds it.
            }
        }
    }

    private static void ClearLeftovers(string place, string own)
    {
        try
        {
            if (TryOpenAlone(own, FileOptions.None))
            {
                return;
            }

            foreach (var other in Directory.EnumerateFiles(Path.GetDirectoryName(place)!, $"*{Ending}"))
            {
                if (other != own && IsFor(place, other) && !FileNode.IsStream(other))
                {
                    TryOpenAlone(other, FileOptions.DeleteOnClose);
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A folder that may not be listed: leftovers stay.
        }
    }

    private static bool IsFor(string place, string path) =>
        path.Length == place.Length + 1 + Digits + Ending.Length
        && path.StartsWith($"{place}.", StringComparison.Ordinal)
        && path.EndsWith(Ending, StringComparison.Ordinal)
        && path.Skip(place.Length + 1).Take(Digits).All(char.IsAsciiHexDigitLower);

    private static bool TryOpenAlone(string path, FileOptions options)
    {
        try
        {
            new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, options).Dispose();
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
