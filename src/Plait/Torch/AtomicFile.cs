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

    /// <summary>Begins a file.</summary>
    /// <param name="path">Where it will appear; its folder is made when it is absent.</param>
    /// <exception cref="IOException">The folder cannot be made or written, or the path is a folder.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be made or written.</exception>
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
            throw new UnusablePlaceException("There is a folder of that name; choose another file.");
        }

        MakeFolderFor(place);
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

    /// <summary>Makes the folder that a file or a folder is to appear in, where it is absent.</summary>
    /// <param name="path">What is to appear.</param>
    /// <exception cref="IOException">It cannot be made; for example, one of its names is that of a file.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static void MakeFolderFor(string path)
    {
        RequireFoldersAbove(path);
        if (!IsStream(path) && System.IO.Path.GetDirectoryName(PlaceOf(path)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }
    }

    /// <summary>Refuses a path below a file, where no folder can be made.</summary>
    /// <param name="path">What is to appear.</param>
    /// <exception cref="IOException">One of the names above it is that of a file.</exception>
    public static void RequireFoldersAbove(string path)
    {
        var above = PlaceOf(path);
        while ((above = System.IO.Path.GetDirectoryName(above)) is not null)
        {
            if (File.Exists(above))
            {
                throw new UnusablePlaceException($"{above} is a file, not a folder; choose another place.");
            }
        }
    }

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
    /// <param name="path">The file; its folder is made when it is absent.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; the old file is as it was.</exception>
    public static void Write(string path, Action<Stream> write) => Write(path, write, DiskSteps.Real);

    /// <summary>Writes a whole file of text, as UTF-8 without a mark.</summary>
    /// <param name="path">The file; its folder is made when it is absent.</param>
    /// <param name="text">The content.</param>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; the old file is as it was.</exception>
    public static void WriteText(string path, string text) =>
        Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    internal static void Write(string path, Action<Stream> write, DiskSteps disk)
    {
        ArgumentNullException.ThrowIfNull(write);
        try
        {
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
                $"{path}: could not be written ({failure.Message.TrimEnd('.')}); what was there before is untouched.{(failure is UnusablePlaceException ? "" : " Free some space or choose another folder.")}",
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

/// <summary>A place where no file can be, however much room there is.</summary>
internal sealed class UnusablePlaceException(string message) : IOException(message);
