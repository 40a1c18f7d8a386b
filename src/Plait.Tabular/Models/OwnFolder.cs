using Plait.Torch;

namespace Plait.Tabular.Models;

/// <summary>A folder that something of ours has for itself: a model, a front or embeddings.</summary>
internal static class OwnFolder
{
    /// <summary>Refuses a path that cannot be a folder; one that is absent can.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="what">What is to be in it, with its article, for errors.</param>
    /// <exception cref="IOException">It is a file, or is below one.</exception>
    public static void RequireFolder(string folder, string what)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (File.Exists(folder))
        {
            throw new IOException($"{folder}: this is a file; {what} needs a folder of its own.");
        }

        AtomicFile.RequireFoldersAbove(folder);
    }

    /// <summary>Refuses a folder that holds something else; one that is absent is free.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="what">What is to be in it, with its article, for errors.</param>
    /// <param name="kept">Names of files that may be there.</param>
    /// <param name="begun">Names of files that a process which was killed may have begun.</param>
    /// <exception cref="IOException">It holds something else.</exception>
    public static void RequireNothingElse(string folder, string what, string[] kept, string[] begun)
    {
        if (Directory.Exists(folder) && Leftovers.FirstOther(folder, kept, begun) is { } other)
        {
            throw new IOException(
                $"{folder}: this folder holds something else than {what} ('{other}'); choose another folder."
            );
        }
    }
}
