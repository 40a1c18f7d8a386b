using Plait.Cli.Arguments;
using Plait.Relationships.Embedding.Studies;

namespace Plait.Cli.Embedding;

/// <summary>Where embeddings and the network that made them are.</summary>
/// <param name="Embeddings">A CSV file.</param>
/// <param name="Network">A safetensors file.</param>
internal sealed record EmbeddingFiles(string Embeddings, string Network)
{
    public static EmbeddingFiles Of(EmbeddingFolder folder) => new(folder.Table, folder.Network);

    /// <summary>Prints it.</summary>
    public void Show(TextWriter output) => output.WriteLine($"Answer:  {Embeddings}, {Network}");

    /// <summary>The folder that a command may write into when it is done.</summary>
    /// <exception cref="CommandFailure">It cannot be written.</exception>
    /// <exception cref="IOException">It is a file, or holds something else.</exception>
    public static EmbeddingFolder Require(string path)
    {
        var folder = new EmbeddingFolder(path);
        folder.RequireFree();
        OutputFile.PathOf(folder.Table);
        return folder;
    }
}
