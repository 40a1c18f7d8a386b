using Plait.Torch;

namespace Plait.Cli;

/// <summary>Files that options name, to be written after work that takes long.</summary>
internal static class OutputFile
{
    /// <summary>The full path of one that can be written as far as can be told before; its folder is made when it is absent.</summary>
    /// <exception cref="CommandFailure">It is a folder.</exception>
    /// <exception cref="IOException">Its folder cannot be made.</exception>
    public static string PathOf(string file)
    {
        if (Directory.Exists(file))
        {
            throw new CommandFailure($"{file}: this is a folder; name a file.");
        }

        AtomicFile.MakeFolderFor(file);
        return Path.GetFullPath(file);
    }
}
