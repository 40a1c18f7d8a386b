using System.IO.Compression;
using System.Text;
using Plait.Data;
using Plait.Torch;

namespace Plait.Benchmarks.Reading;

/// <summary>Opens the files of a benchmark: the embedded ones, or those of the same names in a folder.</summary>
/// <param name="benchmark">The benchmark's name, which is that of its embedded folder.</param>
/// <param name="directory">The folder, or null for the embedded files.</param>
internal sealed class BenchmarkFiles(string benchmark, string? directory)
{
    private const string Packed = ".gz";

    /// <summary>Whether the files are those that the library carries.</summary>
    public bool AreEmbedded => directory is null;

    /// <summary>Reads a file of the MNIST family.</summary>
    /// <param name="file">Its name without .gz.</param>
    public Tensor ReadIdx(string file)
    {
        using var stream = Open(file, out var name);
        return IdxFile.Read(stream, name);
    }

    /// <summary>Opens a text, unpacked.</summary>
    /// <param name="file">Its name without .gz.</param>
    /// <param name="name">What errors call it.</param>
    /// <remarks>It unpacks to no more than <see cref="ReadingLimits"/> allow a file of its length.</remarks>
    public TextReader OpenText(string file, out string name)
    {
        var stream = Open(file, out name);
        return new StreamReader(
            name.EndsWith(Packed, StringComparison.Ordinal)
                ? new BoundedStream(
                    new GZipStream(stream, CompressionMode.Decompress),
                    new ReadingBudget(name, stream.Length)
                )
                : stream,
            Encoding.UTF8
        );
    }

    private Stream Open(string file, out string name)
    {
        if (directory is null)
        {
            name = $"{benchmark}/{file}{Packed}";
            return typeof(BenchmarkFiles).Assembly.GetManifestResourceStream(name)
                ?? throw new FileNotFoundException($"The library carries no file '{name}'.", name);
        }

        if (!Directory.Exists(directory))
        {
            throw new DirectoryNotFoundException($"There is no folder '{directory}' to read '{benchmark}' from.");
        }

        foreach (var candidate in new[] { file + Packed, file })
        {
            name = Path.Combine(directory, candidate);
            if (File.Exists(name))
            {
                return File.OpenRead(name);
            }
        }

        throw new FileNotFoundException(
            $"There is neither '{file}{Packed}' nor '{file}' in '{directory}'; '{benchmark}' needs it.",
            file
        );
    }
}
