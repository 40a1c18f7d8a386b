using Plait.Tabular.Features;

namespace Plait.Tabular.Predictions;

/// <summary>Reads new rows as inputs of a trained network, piece by piece, in memory that does not grow with the file.</summary>
/// <remarks>The file needs the columns that were learned from, in any order; targets may be absent and further columns are passed over.</remarks>
public sealed class FeatureReader : IDisposable
{
    /// <summary>Rows at a time unless something else is said.</summary>
    public const int DefaultRows = 4096;

    private readonly TableReader reader;
    private readonly RowEncoder encoder;

    /// <summary>Opens a file.</summary>
    /// <param name="path">A CSV file with a header, gzipped or not.</param>
    /// <param name="preprocessing">What the network was trained with.</param>
    /// <param name="identifier">A column whose text is kept beside the inputs; null for none.</param>
    /// <exception cref="TableException">The file cannot be read or lacks a column.</exception>
    public FeatureReader(string path, Preprocessing preprocessing, string? identifier = null)
        : this(preprocessing, schema => new TableReader(path, schema, withTargets: false, identifier)) { }

    /// <summary>Begins to read a text.</summary>
    /// <param name="text">CSV text with a header; it is disposed with the reader.</param>
    /// <param name="preprocessing">What the network was trained with.</param>
    /// <param name="identifier">A column whose text is kept beside the inputs; null for none.</param>
    /// <param name="name">What to call the text in errors.</param>
    /// <exception cref="TableException">The text cannot be read or lacks a column.</exception>
    public FeatureReader(TextReader text, Preprocessing preprocessing, string? identifier = null, string name = "input")
        : this(preprocessing, schema => new TableReader(text, schema, withTargets: false, identifier, name)) { }

    private FeatureReader(Preprocessing preprocessing, Func<TableSchema, TableReader> open)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        var schema = preprocessing.TrainedSchema;
        encoder = new RowEncoder(schema, preprocessing.Features);
        reader = open(schema);
    }

    /// <summary>One sentence for each column that so far had categories unseen in training.</summary>
    public IReadOnlyList<string> Warnings => reader.Warnings;

    /// <summary>Reads the rest of the rows in their order.</summary>
    /// <param name="rows">How many rows at a time; 1 or more.</param>
    /// <returns>Pieces of the file, each the caller's to dispose; none for a file without rows.</returns>
    /// <exception cref="TableException">A row cannot be read, or a number is none.</exception>
    public IEnumerable<FeatureChunk> Read(int rows = DefaultRows)
    {
        foreach (var data in reader.ReadChunks(rows))
        {
            yield return new FeatureChunk(encoder.Encode(data, Preprocessing.AllRows(data)), data.Identifiers);
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => reader.Dispose();
}
