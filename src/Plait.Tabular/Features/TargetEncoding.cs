using System.Text.Json.Serialization;
using Plait.Tasks;

namespace Plait.Tabular.Features;

/// <summary>How a target column becomes the targets of a task, and a network's output a value of the column again.</summary>
/// <param name="Name">The column's and the task's name.</param>
/// <param name="Kind">The name of what it holds, one of <see cref="AnswerKinds"/>.</param>
/// <param name="Classes">The names of the classes, as <see cref="TargetColumn.Classes"/> orders them; empty where targets are numbers.</param>
/// <param name="Mean">Regression: the mean of the training rows, in the column's unit; count: the logarithm of their mean; else 0.</param>
/// <param name="StandardDeviation">Regression: the population standard deviation of the training rows, in the column's unit; else 1.</param>
public sealed record TargetEncoding(
    string Name,
    string Kind,
    IReadOnlyList<string> Classes,
    double Mean = 0,
    double StandardDeviation = 1
)
{
    /// <summary>How its texts become targets, and outputs texts again.</summary>
    internal AnswerKind Answers => AnswerKinds.Of(Kind);

    /// <summary>What a prediction is put into words by.</summary>
    internal FittedTarget Fitted => new(Name, Classes, Mean, StandardDeviation) { Separator = Separator };

    /// <summary>What stands between the classes that one text names; null where a text is one class.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Separator { get; init; }

    /// <summary>What each class counts in the task's loss; null when all count 1.</summary>
    public IReadOnlyList<float>? ClassWeights { get; init; }

    /// <summary>A regression target in standard deviations from the mean.</summary>
    public double Standardise(double value) => (value - Mean) / StandardDeviation;

    /// <summary>A network's output for a regression target in the column's own unit.</summary>
    public double Restore(float output) => Fitted.Restore(output);
}
