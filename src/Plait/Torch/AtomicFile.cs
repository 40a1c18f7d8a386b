using System.Text;

namespace Plait.Torch;

/// <summary>A file that is written so that a reader finds either the old content or the whole new one, whatever happens in between.</summary>
/// <remarks>
/// It is written beside its place, brought to the disk and renamed; without <see cref="Complete"/> nothing appears there. A link stays, and what it leads
/// to is replaced. A pipe, a device or an open file such as <c>/dev/stdout</c> is written to as it stands. What earlier writers
/// left beside the same place when they were killed is cleared away.
/// </remarks>
public sealed class AtomicFile : IDisposable
{
    private readonly DiskSteps disk;
    private readonly string place;
    private readonly string? temporary; // null where the content goes straight to its place
    private readonly Stream content;
    private bool isComplete;

    /// <summary>Begins a file, in a folder that is there.</summary>
    /// <param name="path">Where it will appear.</param>
    /// <exception cref="IOException">The folder is not there or cannot be written, or the path is a folder.</exception>
    public AtomicFile(string path)
        : this(path, DiskSteps.Real) { }

    /// <summary>The same with another disk: tests hand in ones that are full, or that break off.</summary>
    internal AtomicFile(string path, DiskSteps disk)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        this.disk = disk;
        Path = System.IO.Path.GetFullPath(path);
        var output = OutputPlace.Of(Path);
        place = output.Path;
        if (output.IsStream)
        {
            content = output.Open();
            return;
        }

        if (Directory.Exists(place))
        {
            throw new IOException("There is a folder of that name.");
        }

        if (System.IO.Path.GetDirectoryName(place) is { } folder && !Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"There is no folder {folder}; make it, or choose another file.");
        }

        (temporary, content) = TemporaryFile.Begin(place, disk);
        KeepMode(place, temporary);
    }

    /// <summary>Where it will appear.</summary>
    public string Path { get; }

    /// <summary>Takes the content.</summary>
    public Stream Content => content;

    /// <summary>Where a path leads, links followed, so that two paths of one file can be told from paths of two.</summary>
    public static string PlaceOf(string path) => OutputPlace.Of(path).Path;

    /// <summary>Whether a path leads to a pipe, a device or an open file such as <c>/dev/stdout</c>, so that what is written goes straight there.</summary>
    public static bool IsStream(string path) => OutputPlace.Of(path).IsStream;

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
        if (temporary is null)
        {
            isComplete = true;
            content.Dispose();
            return;
        }

        disk.Move(temporary, place); // while it is open: once it is not, another writer may clear it away
        isComplete = true;
        content.Dispose();
        disk.FlushFolder(System.IO.Path.GetDirectoryName(place)!);
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

        if (temporary is not null)
        {
            disk.Delete(temporary);
        }
    }

    /// <summary>Writes a whole file.</summary>
    /// <param name="path">The file; its folder is created when it is absent.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; the old file is as it was.</exception>
    public static void Write(string path, Action<Stream> write) => Write(path, write, DiskSteps.Real);

    /// <summary>Writes a whole file of text, as UTF-8 without a mark.</summary>
    /// <param name="path">The file; its folder is created when it is absent.</param>
    /// <param name="text">The content.</param>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; the old file is as it was.</exception>
    public static void WriteText(string path, string text) =>
        Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    internal static void Write(string path, Action<Stream> write, DiskSteps disk)
    {
        ArgumentNullException.ThrowIfNull(write);
        try
        {
            if (System.IO.Path.GetDirectoryName(OutputPlace.Of(path).Path) is { } folder)
            {
                Directory.CreateDirectory(folder);
            }

            using var file = new AtomicFile(path, disk);
            write(file.Content);
            file.Complete();
        }
        catch (Exception failure)
            // The last is how .NET says that the system lets no file grow so large.
            when (failure
                    is IOException
                        or UnauthorizedAccessException
                        or ArgumentOutOfRangeException { ParamName: "value" }
            )
        {
            throw new IOException(
                $"{path}: could not be written ({failure.Message.TrimEnd('.')}); what was there before is untouched. Free some space or choose another folder.",
                failure
            );
        }
    }

    /// <summary>Gives a new file the permissions of the one whose place it takes.</summary>
    private static void KeepMode(string old, string fresh)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(old))
        {
            return;
        }

        try
        {
            File.SetUnixFileMode(fresh, File.GetUnixFileMode(old));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A file system without permissions.
        }
    }
}
