using Plait.Tabular.Csv;

namespace Plait.Tabular;

/// <summary>Reads a table of a known schema piece by piece, in memory that does not grow with the file.</summary>
/// <remarks>Columns are found by their names: their order is free, and columns that the schema does not have are passed over.</remarks>
public sealed class TableReader : IDisposable
{
    private const int FirstCapacity = 4096;
    private const int MostNamed = 10; // classes in a warning

    private readonly TableSchema schema;
    private readonly CsvRows rows;
    private readonly MissingMarkers missing;
    private readonly FieldReader[] features;
    private readonly FieldReader[] targets = [];
    private readonly FieldReader[] weights = [];
    private readonly int identifier = -1;
    private readonly GroupCodes? groups;
    private readonly bool skipsUnknownClasses;

    /// <summary>Opens a file.</summary>
    /// <param name="path">A CSV file with a header, gzipped or not.</param>
    /// <param name="schema">What its columns hold.</param>
    /// <param name="withTargets">Whether the targets are read; without them the file need not have their columns.</param>
    /// <param name="identifier">A column whose text is kept as it stands; null for none.</param>
    /// <exception cref="TableException">The file cannot be read or lacks a column.</exception>
    public TableReader(string path, TableSchema schema, bool withTargets = true, string? identifier = null)
        : this(CsvRows.Open(path, Require(schema).Delimiter), schema, withTargets, identifier) { }

    /// <summary>Begins to read a text.</summary>
    /// <param name="text">CSV text with a header; it is disposed with the reader.</param>
    /// <param name="schema">What its columns hold.</param>
    /// <param name="withTargets">Whether the targets are read; without them the text need not have their columns.</param>
    /// <param name="identifier">A column whose text is kept as it stands; null for none.</param>
    /// <param name="name">What to call the text in errors.</param>
    /// <exception cref="TableException">The text cannot be read or lacks a column.</exception>
    public TableReader(
        TextReader text,
        TableSchema schema,
        bool withTargets = true,
        string? identifier = null,
        string name = "input"
    )
        : this(CsvRows.Open(text, name, Require(schema).Delimiter), schema, withTargets, identifier) { }

    private TableReader(
        CsvRows rows,
        TableSchema schema,
        bool withTargets,
        string? identifier,
        bool skipsUnknownClasses = false,
        bool weightsMayLack = false
    )
    {
        this.skipsUnknownClasses = skipsUnknownClasses;
        this.schema = schema;
        this.rows = rows;
        missing = new MissingMarkers(schema.MissingMarkers);
        try
        {
            features = [.. schema.Features.Select(Reader)];
            if (withTargets)
            {
                targets = [.. schema.Targets.Select(Reader)];
                Weights = [.. schema.Weights.Where(weight => !weightsMayLack || rows.Header.Contains(weight.Name))];
                weights = [.. Weights.Select(weight => new WeightFieldReader(rows.IndexOf(weight.Name, "the weight")))];
                groups = schema.GroupBy is { } column
                    ? new GroupCodes(rows.IndexOf(column, "the column to group by"))
                    : null;
            }

            this.identifier = identifier is null ? -1 : rows.IndexOf(identifier, "the column to copy", isRequest: true);
        }
        catch (TableException)
        {
            rows.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file to judge by: it has the targets, may have classes that are not known, and weighs its rows by those of the schema's weights that it has.</summary>
    /// <exception cref="TableException">The file cannot be read or lacks a column.</exception>
    internal static TableReader ToJudge(string path, TableSchema schema) =>
        new(
            CsvRows.Open(path, schema.Delimiter),
            schema,
            withTargets: true,
            identifier: null,
            skipsUnknownClasses: true,
            weightsMayLack: true
        );

    /// <summary>The file's path, or what the caller calls the input.</summary>
    public string Source => rows.Name;

    /// <summary>The columns that weigh the rows; none where targets are not read.</summary>
    internal IReadOnlyList<WeightColumn> Weights { get; } = [];

    /// <summary>One sentence for each feature that so far had categories, and each target that had classes, which the schema does not know.</summary>
    public IReadOnlyList<string> Warnings =>
        [
            .. features.Select((reader, i) => UnseenWarning(schema.Features[i].Name, reader)).OfType<string>(),
            .. targets.Select((reader, i) => UnknownWarning(schema.Targets[i], reader)).OfType<string>(),
        ];

    /// <summary>Reads the next rows.</summary>
    /// <param name="rows">How many at most; 1 or more.</param>
    /// <returns>The rows, or null at the end.</returns>
    /// <exception cref="TableException">A row cannot be read or does not fit the schema.</exception>
    public TabularData? ReadChunk(int rows) => ReadChunk(rows, Math.Min(rows, FirstCapacity));

    /// <summary>Reads the rest, so many rows at a time.</summary>
    /// <param name="rows">How many rows at a time; 1 or more.</param>
    /// <exception cref="TableException">A row cannot be read or does not fit the schema.</exception>
    public IEnumerable<TabularData> ReadChunks(int rows)
    {
        while (ReadChunk(rows) is { } chunk)
        {
            yield return chunk;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => rows.Dispose();

    /// <summary>Reads the next rows, with room made beforehand for those that are expected.</summary>
    internal TabularData? ReadChunk(int limit, int expected)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit, "rows");
        var capacity = Math.Max(1, expected);
        RawColumn[] featureColumns = [.. features.Select(reader => new RawColumn(reader.IsNumeric, capacity))];
        RawColumn[] targetColumns = [.. targets.Select(reader => new RawColumn(reader.IsNumeric, capacity))];
        RawColumn[] weightColumns = [.. weights.Select(reader => new RawColumn(reader.IsNumeric, capacity))];
        var lines = new int[capacity];
        var identifiers = identifier < 0 ? null : new List<string>(capacity);
        var groupCodes = groups is null ? null : new List<long>(capacity);
        var count = 0;
        while (count < limit && rows.Read())
        {
            if (count == capacity)
            {
                capacity = (int)Math.Min(limit, Math.Min(Array.MaxLength, capacity * 2L));
                Resize(capacity);
            }

            Fill(features, featureColumns, count);
            Fill(targets, targetColumns, count);
            Fill(weights, weightColumns, count);
            lines[count++] = rows.Line;
            identifiers?.Add(rows.Text(identifier));
            groupCodes?.Add(groups!.Read(rows, missing));
        }

        if (count == 0)
        {
            return null;
        }

        Resize(count);
        return new TabularData(schema, rows.Name, featureColumns, targetColumns, lines)
        {
            Identifiers = identifiers,
            Groups = groupCodes,
            Weights = [.. Weights.Zip(weightColumns)],
        };

        void Resize(int size)
        {
            Array.Resize(ref lines, size);
            foreach (var column in featureColumns.Concat(targetColumns).Concat(weightColumns))
            {
                column.Resize(size);
            }
        }
    }

    private void Fill(FieldReader[] readers, RawColumn[] columns, int row)
    {
        for (var i = 0; i < readers.Length; i++)
        {
            readers[i].Read(rows, missing, columns[i], row);
        }
    }

    private FieldReader Reader(FeatureColumn feature)
    {
        var field = rows.IndexOf(feature.Name, "the feature");
        return feature.Categories is null
            ? new NumberFieldReader(field)
            : new CodeFieldReader(field, feature.Categories, mustBeKnown: false);
    }

    private FieldReader Reader(TargetColumn target)
    {
        var field = rows.IndexOf(target.Name, "the target");
        return target.Answers.HoldsSeveral ? new MultiLabelFieldReader(field, target, mustBeKnown: !skipsUnknownClasses)
            : target.Answers.HasClasses
                ? new CodeFieldReader(field, target.Classes, mustBeKnown: !skipsUnknownClasses, TabularData.Missing)
                {
                    ByNumber = target.Answers.KnowsClassesByNumber,
                }
            : new NumberFieldReader(field);
    }

    private static string? UnknownWarning(TargetColumn target, FieldReader reader) =>
        reader is { FirstUnseen: { } first, UnseenCount: var count }
            ? $"Target '{target.Name}': {count} {(count == 1 ? "row has a class" : "rows have classes")} that the model does not know, the first {TableException.Quote(first.Text)} on line {first.Line}; the target's metrics leave {(count == 1 ? "it" : "them")} out, though the model cannot be right there. The classes are {string.Join(", ", target.Classes.Take(MostNamed))}{(target.Classes.Count > MostNamed ? ", …" : "")}."
            : null;

    private static string? UnseenWarning(string feature, FieldReader reader) =>
        reader is { FirstUnseen: { } first, UnseenCount: var count }
            ? $"Column '{feature}' has {count} {(count == 1 ? "text" : "texts")} unseen in training, the first {TableException.Quote(first.Text)} on line {first.Line}; they are treated alike."
            : null;

    private static TableSchema Require(TableSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return schema;
    }
}
