using System.Text.Json.Serialization;
using Plait.Tasks;

namespace Plait.Tabular;

/// <summary>What a table's columns hold: features to learn from and targets to learn, found from the whole file.</summary>
/// <remarks>
/// It knows every category and class that the file has, and nothing else of its values: means and spreads are of the training
/// rows alone and belong to <c>Preprocessing</c>.
/// </remarks>
public sealed record TableSchema
{
    /// <summary>The columns to learn from, in the file's order.</summary>
    public required IReadOnlyList<FeatureColumn> Features { get; init; }

    /// <summary>The columns to be learned, in the order in which they were asked for.</summary>
    public required IReadOnlyList<TargetColumn> Targets { get; init; }

    /// <summary>What stands for a missing value; upper and lower case are the same.</summary>
    public required IReadOnlyList<string> MissingMarkers { get; init; }

    /// <summary>The column whose equal values belong together in a split; null when there is none.</summary>
    public string? GroupBy { get; init; }

    /// <summary>The columns that say how much each row counts, in the order in which they were asked for.</summary>
    public IReadOnlyList<WeightColumn> Weights { get; init; } = [];

    /// <summary>Whether classes without weights of their own count by the inverse of their share of the training rows.</summary>
    public bool Balance { get; init; }

    /// <summary>The character between fields where the user gave one; null to find it in each file's header.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Rows of the file it was found from; 0 when it was loaded.</summary>
    [JsonIgnore]
    public int Rows { get; init; }

    /// <summary>What a user should know about how the file was understood, one sentence each.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>How messages say that no row of some counts: "is missing in", before "all 10 rows".</summary>
    internal string Absent => Weights.Count > 0 ? "is missing, or weighs 0, in" : "is missing in";

    /// <summary>Reads a whole file once and finds what its columns hold.</summary>
    /// <param name="path">A CSV file with a header, gzipped or not.</param>
    /// <param name="targets">The columns to be learned, at least one.</param>
    /// <param name="options">What the file alone does not say.</param>
    /// <exception cref="TableException">The file cannot be read, or has no such columns, or a target cannot be learned.</exception>
    public static TableSchema Infer(
        string path,
        IReadOnlyList<TargetSpecification> targets,
        TableOptions? options = null
    )
    {
        options ??= new TableOptions();
        using var rows = CsvRows.Open(path, options.Delimiter);
        return SchemaInference.Run(rows, targets, options);
    }

    /// <summary>Reads a whole text once and finds what its columns hold.</summary>
    /// <param name="reader">CSV text with a header; it is disposed.</param>
    /// <param name="targets">The columns to be learned, at least one.</param>
    /// <param name="options">What the text alone does not say.</param>
    /// <param name="name">What to call the text in errors.</param>
    /// <exception cref="TableException">The text cannot be read, or has no such columns, or a target cannot be learned.</exception>
    public static TableSchema Infer(
        TextReader reader,
        IReadOnlyList<TargetSpecification> targets,
        TableOptions? options = null,
        string name = "input"
    )
    {
        options ??= new TableOptions();
        using var rows = CsvRows.Open(reader, name, options.Delimiter);
        return SchemaInference.Run(rows, targets, options);
    }
}

/// <summary>A column to learn from.</summary>
/// <param name="Name">Its name in the header.</param>
/// <param name="Categories">The different texts in it, in ordinal order; null for a column of numbers.</param>
public sealed record FeatureColumn(string Name, IReadOnlyList<string>? Categories = null)
{
    /// <summary>Whether it holds numbers.</summary>
    [JsonIgnore]
    public bool IsNumeric => Categories is null;
}

/// <summary>A column to be learned.</summary>
/// <param name="Name">Its name in the header.</param>
/// <param name="Kind">The name of what it holds, one of <see cref="Plait.Tasks.AnswerKinds"/>.</param>
/// <param name="Classes">
/// The names of the classes, empty where targets are numbers. Levels stand from the lowest to the highest, other numbers stand in the order of their values, texts in ordinal order; of two
/// classes of a binary target the second is the positive one: true, yes or positive (or 1, t, y) where exactly one is called so,
/// otherwise the later in that order.
/// </param>
public sealed record TargetColumn(string Name, string Kind, IReadOnlyList<string> Classes)
{
    /// <summary>How its texts become targets.</summary>
    internal AnswerKind Answers => AnswerKinds.Of(Kind);

    /// <summary>What stands between the classes that one text names; null where a text is one class.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Separator { get; init; }

    /// <summary>What each class counts in the target's loss, as the user gave it; null where nothing was said.</summary>
    public IReadOnlyList<double>? ClassWeights { get; init; }
}

/// <summary>A column that says how much each row counts.</summary>
/// <param name="Name">Its name in the header.</param>
/// <param name="Target">The target for which it does; null for all.</param>
public sealed record WeightColumn(string Name, string? Target = null);
