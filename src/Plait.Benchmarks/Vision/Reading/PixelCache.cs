namespace Plait.Benchmarks.Vision.Reading;

/// <summary>Keeps the pixels of small images once they were read, as bytes, until a budget is spent: later epochs need not decode them.</summary>
/// <param name="budget">Bytes.</param>
internal sealed class PixelCache(long budget)
{
    private readonly Dictionary<string, byte[]> kept = [];
    private readonly Lock door = new();
    private long left = budget;

    /// <summary>The bytes of an image.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Reads it, [channels, height, width], bytes.</param>
    public byte[] Get(string path, Func<string, Tensor> read)
    {
        lock (door)
        {
            if (kept.TryGetValue(path, out var there))
            {
                return there;
            }
        }

        using var tensor = read(path);
        var bytes = tensor.bytes.ToArray();
        lock (door)
        {
            if (bytes.Length <= left && kept.TryAdd(path, bytes))
            {
                left -= bytes.Length;
            }
        }

        return bytes;
    }
}
