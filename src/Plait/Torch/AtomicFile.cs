namespace Plait.Torch;

/// <summary>A file that is written so that a reader finds either the old content or the whole new one, whatever happens in between.</summary>
/// <remarks>It is written beside its place and renamed; without <see cref="Complete"/> nothing appears there.</remarks>
public sealed class AtomicFile : IDisposable
{
    private readonly string temporary;
    private readonly Stream content;
    private bool isComplete;

    /// <summary>Begins a file, in a folder that is there.</summary>
    /// <param name="path">Where it will appear.</param>
    /// <exception cref="IOException">The folder is not there or cannot be written.</exception>
    public AtomicFile(string path)
        : this(path, File.Create) { }

    private AtomicFile(string path, Func<string, Stream> create)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = System.IO.Path.GetFullPath(path);
        temporary = $"{Path}.{Guid.NewGuid():N}.tmp";
        content = create(temporary);
    }

    /// <summary>Where it will appear.</summary>
    public string Path { get; }

    /// <summary>Takes the content.</summary>
    public Stream Content => content;

    /// <summary>Brings what was written so far to the disk, so that a full one is known before any file is put in its place.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Flush()
    {
        content.Flush();
        (content as FileStream)?.Flush(flushToDisk: true);
    }

    /// <summary>Puts the file in its place.</summary>
    /// <exception cref="IOException">The disk is full or the place cannot be written; the old file is as it was.</exception>
    public void Complete()
    {
        Flush();
        content.Dispose();
        File.Move(temporary, Path, overwrite: true);
        isComplete = true;
    }

    /// <summary>Clears away what was not completed.</summary>
    public void Dispose()
    {
        if (isComplete)
        {
            return;
        }

        try
        {
            content.Dispose();
        }
        catch (IOException)
        {
            // A full disk: what matters now is that the rest is cleared away.
        }

        File.Delete(temporary);
    }

    /// <summary>Writes a whole file.</summary>
    /// <param name="path">The file; its folder is created when it is absent.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; the old file is as it was.</exception>
    public static void Write(string path, Action<Stream> write) => Write(path, write, File.Create);

    /// <summary>The same with another way to open the temporary file: tests hand in disks that are full.</summary>
    internal static void Write(string path, Action<Stream> write, Func<string, Stream> create)
    {
        ArgumentNullException.ThrowIfNull(write);
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
            using var file = new AtomicFile(path, create);
            write(file.Content);
            file.Complete();
        }
        catch (IOException failure)
        {
            throw new IOException(
                $"{path}: could not be written ({failure.Message.TrimEnd('.')}); what was there before is untouched. Free some space or choose another folder.",
                failure
            );
        }
    }
}
