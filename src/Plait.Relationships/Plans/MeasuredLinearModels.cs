using Plait.Relationships.Grouping.Linear;

namespace Plait.Relationships.Plans;

/// <summary>Linear models that showed groups of tasks, as they are written.</summary>
/// <remarks>Losses are squared errors on the validation rows in units of the spread of the training targets: about 1 for a model that says nothing.</remarks>
public sealed record MeasuredLinearModels
{
    /// <summary>The strength of their penalty.</summary>
    public required double Strength { get; init; }

    /// <summary>For each task, how much of it each network's group makes up, from 0 to 1.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<double>> Parts { get; init; }

    /// <summary>Tasks of which no linear model tells anything; they stand in the network of the most others.</summary>
    public required IReadOnlyList<string> Unrelated { get; init; }

    /// <summary>Each task's loss.</summary>
    public required IReadOnlyDictionary<string, double> Losses { get; init; }

    /// <summary>The same of a linear model of the task alone.</summary>
    public required IReadOnlyDictionary<string, double> LossesAlone { get; init; }

    /// <summary>The same where the models of all tasks share one subspace.</summary>
    public required IReadOnlyDictionary<string, double> LossesTogether { get; init; }

    internal static MeasuredLinearModels Of(LinearGroups found)
    {
        return new MeasuredLinearModels
        {
            Strength = found.Strength,
            Parts = ByTask(found.Parts),
            Unrelated = found.Unrelated,
            Losses = ByTask(found.Losses),
            LossesAlone = ByTask(found.LossesAlone),
            LossesTogether = ByTask(found.LossesTogether),
        };

        Dictionary<string, T> ByTask<T>(IReadOnlyList<T> values) =>
            found.Tasks.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second);
    }
}
