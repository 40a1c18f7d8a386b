using Plait.Tabular.Csv;

namespace Plait.Tabular;

/// <summary>Rows of a table, column by column, as read: numbers neither scaled nor filled in.</summary>
public sealed class TabularData
{
    /// <summary>The code of a category or class that is missing.</summary>
    public const int Missing = -1;

    /// <summary>The code of a category that the schema does not know.</summary>
    public const int Unseen = -2;

    private readonly RawColumn[] features;
    private readonly RawColumn[] targets;
    private readonly int[] lines;

    internal TabularData(TableSchema schema, string source, RawColumn[] features, RawColumn[] targets, int[] lines)
    {
        Schema = schema;
        Source = source;
        this.features = features;
        this.targets = targets;
        this.lines = lines;
    }

    /// <summary>What the columns hold.</summary>
    public TableSchema Schema { get; }

    /// <summary>The file's path, or what the caller calls the input.</summary>
    public string Source { get; }

    /// <summary>How many rows there are.</summary>
    public int Rows => lines.Length;

    /// <summary>Whether the targets were read too.</summary>
    public bool HasTargets => targets.Length > 0;

    /// <summary>For each row, its group as a number from 0 in the order of appearance; a row without one is a group of its own. Null without a column to group by.</summary>
    public IReadOnlyList<long>? Groups { get; internal init; }

    /// <summary>The columns that weigh the rows.</summary>
    internal IReadOnlyList<(WeightColumn Column, RawColumn Values)> Weights { private get; init; } = [];

    /// <summary>For each row, the text of the column that was asked to be kept; null when none was.</summary>
    public IReadOnlyList<string>? Identifiers { get; internal init; }

    /// <summary>The numbers of a numeric feature, by its place in the schema; NaN is missing.</summary>
    /// <exception cref="InvalidOperationException">The feature is categorical.</exception>
    public ReadOnlySpan<double> FeatureNumbers(int feature) => features[feature].Numbers;

    /// <summary>The category codes of a categorical feature: places in its categories, or <see cref="Missing"/> or <see cref="Unseen"/>.</summary>
    /// <exception cref="InvalidOperationException">The feature is numeric.</exception>
    public ReadOnlySpan<int> FeatureCodes(int feature) => features[feature].Codes;

    /// <summary>The numbers of a regression target, by its place in the schema; NaN is missing.</summary>
    /// <exception cref="InvalidOperationException">The target is not a regression, or targets were not read.</exception>
    public ReadOnlySpan<double> TargetNumbers(int target) => TargetAt(target).Numbers;

    /// <summary>The class codes of a target of one class a row: places in its classes, or <see cref="Missing"/>. Where a row may have several, <see cref="TargetSets"/> has them.</summary>
    /// <exception cref="InvalidOperationException">The target is a number, or targets were not read.</exception>
    public ReadOnlySpan<int> TargetCodes(int target) => TargetAt(target).Codes;

    /// <summary>The places of the classes that each row has of a target that may have several, by its place in the schema; null for a missing row.</summary>
    /// <exception cref="InvalidOperationException">The target is a number, or targets were not read.</exception>
    public IReadOnlyList<IReadOnlyList<int>?> TargetSets(int target)
    {
        var column = TargetAt(target);
        var rows = new IReadOnlyList<int>?[Rows];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = column.Codes[row] < 0 ? null : column.Sets[column.Codes[row]];
        }

        return rows;
    }

    /// <summary>What each row counts for a target, by its place in the schema: the product of its weights; null when all count 1.</summary>
    public IReadOnlyList<double>? WeightsOf(int target)
    {
        double[]? product = null;
        foreach (var (column, values) in Weights)
        {
            if (column.Target is null || column.Target == Schema.Targets[target].Name)
            {
                product ??= [.. Enumerable.Repeat(1.0, Rows)];
                for (var row = 0; row < Rows; row++)
                {
                    product[row] *= values.Numbers[row];
                }
            }
        }

        return product;
    }

    /// <summary>The line of the file, from 1, on which a row begins.</summary>
    public int LineOf(int row) => lines[row];

    /// <summary>Reads a whole file, targets included, as a schema says.</summary>
    /// <param name="path">A CSV file with a header, gzipped or not; columns in any order, further ones are passed over.</param>
    /// <param name="schema">What its columns hold.</param>
    /// <exception cref="TableException">The file does not fit the schema.</exception>
    public static TabularData Read(string path, TableSchema schema)
    {
        using var reader = new TableReader(path, schema);
        return Read(reader, schema);
    }

    /// <summary>Reads a whole text, targets included, as a schema says.</summary>
    /// <param name="text">CSV text with a header; it is disposed.</param>
    /// <param name="schema">What its columns hold.</param>
    /// <param name="name">What to call the text in errors.</param>
    /// <exception cref="TableException">The text does not fit the schema.</exception>
    public static TabularData Read(TextReader text, TableSchema schema, string name = "input")
    {
        using var reader = new TableReader(text, schema, name: name);
        return Read(reader, schema);
    }

    private static TabularData Read(TableReader reader, TableSchema schema) =>
        reader.ReadChunk(int.MaxValue, schema.Rows)
        ?? throw TableException.At(
            reader.Source,
            null,
            null,
            "the file has a header but no rows; each line after the header is a row."
        );

    /// <summary>An error about what stands in a row.</summary>
    internal TableException Fault(int row, string column, string message) =>
        TableException.At(Source, LineOf(row), column, message);

    /// <summary>An error about a number that has no place on the scale of the training rows.</summary>
    internal TableException TooFar(int row, string column, double number, double mean) =>
        Fault(
            row,
            column,
            FormattableString.Invariant(
                $"{number:R} is too far from the numbers of the training rows, whose mean is {mean:G4}, to be computed with; correct it or leave it empty."
            )
        );

    private RawColumn TargetAt(int target) =>
        HasTargets ? targets[target] : throw new InvalidOperationException("These rows were read without targets.");
}
