namespace Plait.Relationships.Tables;

/// <summary>Which columns of a table of demonstrations hold what.</summary>
/// <param name="Actions">What is done at a step, one column or more.</param>
public sealed record DemonstrationColumns(IReadOnlyList<string> Actions)
{
    /// <summary>Names the task of a row.</summary>
    public string Task { get; init; } = "task";

    /// <summary>Names the demonstration of a row within its task.</summary>
    public string Demonstration { get; init; } = "demonstration";

    /// <summary>Numbers the steps of a demonstration one by one, from any number.</summary>
    public string Step { get; init; } = "step";

    /// <summary>What is seen at a step; null for all columns that are not named here.</summary>
    public IReadOnlyList<string>? Observations { get; init; }

    /// <summary>How many steps to take of each demonstration, evenly spaced, the first and the last among them; null for all.</summary>
    public int? Steps { get; init; }
}
