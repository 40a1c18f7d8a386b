namespace Plait.Tasks;

/// <summary>A target whose classes, or mean and spread, are known.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Classes">The classes in the order of their numbers; none for numbers.</param>
/// <param name="Mean">What an output of 0 stands for: in the column's unit, or where outputs are logarithms that of the mean.</param>
/// <param name="StandardDeviation">How much 1 more is, in the same.</param>
public sealed record FittedTarget(
    string Name,
    IReadOnlyList<string> Classes,
    double Mean = 0,
    double StandardDeviation = 1
)
{
    /// <summary>What stands between the classes that one text names; null where a text is one class.</summary>
    public string? Separator { get; init; }

    /// <summary>What a network says of a number that is learned in standard deviations from the mean, in the column's unit.</summary>
    public double Restore(double output) => (output * StandardDeviation) + Mean;
}
