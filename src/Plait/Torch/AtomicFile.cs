namespace Plait.Torch;

/// <summary>Writes a file so that a reader finds either the old content or the whole new one, whatever happens in between.</summary>
public static class AtomicFile
{
    /// <summary>Writes beside the file, flushes to the disk, then renames.</summary>
    /// <param name="path">The file; its folder is created when it is absent.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; the old file is as it was.</exception>
    public static void Write(string path, Action<Stream> write) => Write(path, write, File.Create);

    /// <summary>The same with another way to open the temporary file: tests hand in disks that are full.</summary>
    internal static void Write(string path, Action<Stream> write, Func<string, Stream> create)
    {
        ArgumentNullException.ThrowIfNull(write);
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var temporary = $"{full}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}.tmp";
        try
        {
            using (var stream = create(temporary))
            {
                write(stream);
                stream.Flush();
                (stream as FileStream)?.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch (IOException failure)
        {
            File.Delete(temporary);
            throw new IOException(
                $"{path}: could not be written ({failure.Message.TrimEnd('.')}); what was there before is untouched. Free some space or choose another folder.",
                failure
            );
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
