namespace Plait.Tabular;

/// <summary>How a table is to be understood where the file alone does not say.</summary>
public sealed record TableOptions
{
    /// <summary>What stands for a missing value unless something else is said; upper and lower case are the same.</summary>
    public static readonly IReadOnlyList<string> DefaultMissingMarkers = ["", "?", "NA", "NaN", "null"];

    /// <summary>Columns to leave out.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>Columns of numbers that are names rather than amounts, such as postal codes.</summary>
    public IReadOnlyList<string> Categorical { get; init; } = [];

    /// <summary>A column whose equal values belong together in a split, such as a patient; it is no feature.</summary>
    public string? GroupBy { get; init; }

    /// <summary>
    /// Columns that say how much each row counts in losses and metrics: COLUMN for all targets, or TARGET:COLUMN for one. The weights of
    /// a row are multiplied. Each is 0 or from 1e-12 to 1e12; 0 leaves the row out as if its targets were missing. Such a column is no
    /// feature, and has no say in how the rows are divided.
    /// </summary>
    public IReadOnlyList<string> Weights { get; init; } = [];

    /// <summary>
    /// Whether the classes of each target of one class a row count alike in its loss: each by the inverse of its share of the
    /// training rows. Targets that <see cref="ClassWeights"/> names keep what is given there.
    /// </summary>
    public bool Balance { get; init; }

    /// <summary>What a class counts in its target's loss, where others count 1: TARGET:CLASS=NUMBER, such as churn:yes=5.</summary>
    public IReadOnlyList<string> ClassWeights { get; init; } = [];

    /// <summary>The character between fields; null to find it in the header among comma, semicolon, tab and bar.</summary>
    public char? Delimiter { get; init; }

    /// <summary>What stands for a missing value; upper and lower case are the same. An empty field should stay among them.</summary>
    public IReadOnlyList<string> MissingMarkers { get; init; } = DefaultMissingMarkers;

    /// <summary>A text column with more different values than this is left out; 2 or more.</summary>
    public int MaxCategories { get; init; } = 256;

    /// <summary>A classification target with more classes than this is an error; 2 or more.</summary>
    public int MaxClasses { get; init; } = 1000;
}
