namespace Plait.Torch;

/// <summary>Opens files that were stored to be read whole, such as models and checkpoints: no pipe, which may never say anything, and no device, which may never end.</summary>
public static class StoredFile
{
    /// <summary>Opens a file to read it.</summary>
    /// <param name="path">The file; links are followed.</param>
    /// <exception cref="InvalidDataException">It is a pipe, a device or a folder; that is said at once, without waiting for a writer.</exception>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public static FileStream OpenRead(string path)
    {
        Require(path);
        return File.OpenRead(path);
    }

    /// <summary>Reads a file of text whole.</summary>
    /// <inheritdoc cref="OpenRead"/>
    public static string ReadAllText(string path)
    {
        Require(path);
        return File.ReadAllText(path);
    }

    /// <summary>Refuses what could not be read whole.</summary>
    /// <inheritdoc cref="OpenRead"/>
    public static void Require(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (FileNode.IsStream(path))
        {
            throw new InvalidDataException(
                $"{path}: this is a pipe or a device, where a file is needed; copy what it holds into a file and give that."
            );
        }

        if (Directory.Exists(path))
        {
            throw new InvalidDataException($"{path}: this is a folder, where a file is needed; give a file in it.");
        }
    }
}
