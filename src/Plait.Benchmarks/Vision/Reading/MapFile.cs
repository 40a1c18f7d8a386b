namespace Plait.Benchmarks.Vision.Reading;

/// <summary>Where the input, or the targets of one task, of each row of a folder is, and how it is read.</summary>
/// <param name="PathOf">From the name of a row to its file.</param>
/// <param name="Read">From a file to a tensor that ends in height and width.</param>
internal sealed record MapFile(Func<string, string> PathOf, Func<string, Tensor> Read)
{
    /// <summary>Files of one ending in a folder, each named as its row.</summary>
    public static MapFile In(string folder, string ending, Func<string, Tensor> read) =>
        new(row => Path.Combine(folder, row + ending), read);
}
