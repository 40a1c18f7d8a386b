namespace Plait.Benchmarks.Vision;

/// <summary>What to put where so that a benchmark can be read from a folder.</summary>
public sealed record FolderGuide
{
    /// <summary>Who publishes the data, and under which name it is found.</summary>
    public required string Source { get; init; }

    /// <summary>What the whole set takes: rows, pixels, bytes.</summary>
    public required string Size { get; init; }

    /// <summary>The files, relative to the folder.</summary>
    public required IReadOnlyList<FolderFile> Files { get; init; }

    /// <summary>How the rows are divided, what is done to them, and what is reported.</summary>
    public required string Protocol { get; init; }
}

/// <summary>One kind of file of a folder.</summary>
/// <param name="Path">Where, relative to the folder; what varies stands in braces.</param>
/// <param name="Content">What it holds.</param>
public sealed record FolderFile(string Path, string Content);
