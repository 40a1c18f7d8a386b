using System.IO.Compression;
using System.Text;

namespace Plait.Benchmarks.Tests;

/// <summary>A folder of files of the embedded data's names, for reading in their place; gone when disposed.</summary>
internal sealed class FolderOfFiles : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("plait-benchmarks").FullName;

    public BenchmarkOptions Options => new() { DataDirectory = Path };

    public FolderOfFiles Write(string name, string text)
    {
        File.WriteAllText(System.IO.Path.Combine(Path, name), text);
        return this;
    }

    public FolderOfFiles Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(System.IO.Path.Combine(Path, name), bytes);
        return this;
    }

    /// <summary>An embedded file, unpacked.</summary>
    public static string Embedded(string name)
    {
        using var packed = typeof(Benchmark).Assembly.GetManifestResourceStream(name)!;
        using var text = new StreamReader(new GZipStream(packed, CompressionMode.Decompress), Encoding.UTF8);
        return text.ReadToEnd();
    }

    /// <summary>A file of the MNIST family, elements rising and wrapping around at a number.</summary>
    public static byte[] Idx(int wrap, params int[] sizes) =>
        [
            0,
            0,
            8,
            (byte)sizes.Length,
            .. sizes.SelectMany(size =>
                new[] { (byte)(size >> 24), (byte)(size >> 16), (byte)(size >> 8), (byte)size }
            ),
            .. Enumerable.Range(0, sizes.Aggregate(1, (product, size) => product * size)).Select(i => (byte)(i % wrap)),
        ];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
