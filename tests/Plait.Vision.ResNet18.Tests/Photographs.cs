using System.IO.Compression;

namespace Plait.Vision.Tests;

/// <summary>The photographs of pets600 as they are, and their breeds.</summary>
internal sealed class Photographs : IDisposable
{
    private Photographs(Tensor images, Tensor breeds) => (Images, Breeds) = (images, breeds);

    /// <summary>[600, 3, 64, 64], from 0 to 1.</summary>
    public Tensor Images { get; }

    /// <summary>[600], 0, 1 or 2.</summary>
    public Tensor Breeds { get; }

    public static Photographs Read(string folder)
    {
        using var scope = torch.NewDisposeScope();
        using var packed = File.OpenRead(Path.Combine(folder, "images-64x64x3-idx4-ubyte.gz"));
        using var stream = new GZipStream(packed, CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        var images = torch
            .tensor(bytes.ToArray()[20..], [600, 64, 64, 3]) // behind a magic number and four sizes
            .permute(0, 3, 1, 2)
            .to(ScalarType.Float32)
            .div(255);
        var lines = File.ReadAllLines(Path.Combine(folder, "labels.csv"));
        var column = Array.IndexOf(lines[0].Split(','), "breed");
        string[] names = [.. lines.Skip(1).Select(line => line.Split(',')[column])];
        string[] kinds = [.. names.Distinct().Order(StringComparer.Ordinal)];
        var breeds = torch.tensor([.. names.Select(name => (long)Array.IndexOf(kinds, name))]);
        return new(images.MoveToOuterDisposeScope().DetachFromDisposeScope(), breeds.DetachFromDisposeScope());
    }

    public void Dispose()
    {
        Images.Dispose();
        Breeds.Dispose();
    }
}
