using Plait.Torch;

namespace Plait.Cli.Arguments;

/// <summary>Files that options name, to be written after work that takes long.</summary>
internal static class OutputFile
{
    /// <summary>The full path of one that can be written now; nothing is left there, but its folder is made when it is absent.</summary>
    /// <exception cref="CommandFailure">It is a folder, or its folder cannot be made or written.</exception>
    public static string PathOf(string file)
    {
        if (Directory.Exists(file))
        {
            throw new CommandFailure($"{file}: this is a folder; name a file.");
        }

        try
        {
            AtomicFile.MakeFolderFor(file);
            if (!AtomicFile.IsStream(file))
            {
                new AtomicFile(file).Dispose();
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(
                $"{file}: no file can be written here ({CommandFailure.MessageOf(failure).TrimEnd('.')})."
            );
        }

        return Path.GetFullPath(file);
    }
}
