using System.Text;

namespace Plait.Tabular;

/// <summary>A text file that appears whole under its name when it is complete, and not at all otherwise.</summary>
internal sealed class AtomicFile : IDisposable
{
    private readonly string path;
    private readonly string temporary;
    private readonly FileStream stream;

    public AtomicFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        this.path = System.IO.Path.GetFullPath(path);
        temporary = $"{this.path}.{Guid.NewGuid():N}.tmp";
        stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        Writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16);
    }

    /// <summary>Where it will appear.</summary>
    public string Path => path;

    public StreamWriter Writer { get; }

    /// <summary>Puts the file in its place.</summary>
    public void Complete()
    {
        Writer.Flush();
        stream.Flush(flushToDisk: true);
        Writer.Dispose();
        File.Move(temporary, path, overwrite: true);
    }

    public void Dispose()
    {
        try
        {
            Writer.Dispose();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            stream.Dispose(); // a full disk: what matters now is that the rest is cleared away
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
