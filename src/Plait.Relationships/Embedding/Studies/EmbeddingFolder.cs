using System.Globalization;
using Plait.Tabular.Models;
using Plait.Tabular.Predictions;
using Plait.Torch;

namespace Plait.Relationships.Embedding.Studies;

/// <summary>The folder that embeddings of tasks and the network that made them are kept in.</summary>
/// <param name="path">The folder.</param>
public sealed class EmbeddingFolder(string path)
{
    private const string What = "an embedding";
    private const string TableFile = "embeddings.csv";
    private const string NetworkFile = "network.safetensors";

    /// <summary>The table: a row for each task.</summary>
    public string Table => Path.Combine(path, TableFile);

    /// <summary>The network.</summary>
    public string Network => Path.Combine(path, NetworkFile);

    /// <summary>Refuses a folder that holds something else; one that is absent is free.</summary>
    /// <exception cref="IOException">It is a file, is below one, or holds something else.</exception>
    public void RequireFree()
    {
        OwnFolder.RequireFolder(path, What);
        string[] own = [TableFile, NetworkFile];
        OwnFolder.RequireNothingElse(path, What, own, own);
    }

    /// <summary>Writes both files, the table last.</summary>
    /// <param name="saveNetwork">Writes the network to a path.</param>
    /// <param name="columns">Names of the columns before the embedding's own.</param>
    /// <param name="tasks">For each task what stands in those columns.</param>
    /// <param name="embeddings">For each task its embedding.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(
        Action<string> saveNetwork,
        IReadOnlyList<string> columns,
        IReadOnlyList<IReadOnlyList<string>> tasks,
        IReadOnlyList<float[]> embeddings
    )
    {
        ArgumentNullException.ThrowIfNull(saveNetwork);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(embeddings);
        saveNetwork(Network);
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        var fields = new CsvFields(text);
        foreach (var name in columns.Concat(embeddings[0].Select((_, i) => $"e{i + 1}")))
        {
            fields.Add(name);
        }

        fields.EndRow();
        foreach (var (cells, embedding) in tasks.Zip(embeddings))
        {
            foreach (var cell in cells)
            {
                fields.Add(cell);
            }

            foreach (var number in embedding)
            {
                fields.Add(number);
            }

            fields.EndRow();
        }

        AtomicFile.WriteText(Table, text.ToString());
    }
}
