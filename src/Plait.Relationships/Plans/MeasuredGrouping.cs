using System.Text.Json;
using System.Text.Json.Serialization;

namespace Plait.Relationships.Plans;

/// <summary>Which tasks to train together, what that was found by, and what it is worth; the content of a grouping.json.</summary>
public sealed record MeasuredGrouping
{
    /// <summary>The data's name.</summary>
    public required string Data { get; init; }

    /// <summary>What the choice was made by.</summary>
    public required string Method { get; init; }

    /// <summary>What the networks were allowed to cost together.</summary>
    public required double Budget { get; init; }

    /// <summary>All tasks.</summary>
    public required IReadOnlyList<string> Tasks { get; init; }

    /// <summary>The tasks of each network.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> Networks { get; init; }

    /// <summary>For each task, the place of the network that answers for it.</summary>
    public required IReadOnlyDictionary<string, int> Serving { get; init; }

    /// <summary>What the networks cost together.</summary>
    public required double Cost { get; init; }

    /// <summary>What the choice made least (losses relative to those of each task alone) or greatest (affinities).</summary>
    public required double Total { get; init; }

    /// <summary>The same for one network of all tasks.</summary>
    public required double TotalTogether { get; init; }

    /// <summary>Whether nothing better fits the budget, by that measure.</summary>
    public required bool Optimal { get; init; }

    /// <summary>What no choice can pass; null where nothing is known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public double? Bound { get; init; }

    /// <summary>How many trainings it took to find out.</summary>
    public required int Trainings { get; init; }

    /// <summary>How long they took, added up.</summary>
    public required double Seconds { get; init; }

    /// <summary>By which share each task's validation loss is expected to be below that of the task alone; null where the method cannot say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public IReadOnlyDictionary<string, double>? ExpectedGain { get; init; }

    /// <summary>The same for one network of all tasks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public IReadOnlyDictionary<string, double>? ExpectedGainTogether { get; init; }

    /// <summary>The affinities that were measured; null where sets of tasks were trained instead.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public WrittenAffinity? Affinity { get; init; }

    /// <summary>The linear models that showed the groups; null for other methods.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public MeasuredLinearModels? Linear { get; init; }

    /// <summary>How the networks did against one of all tasks and one for each; null where nobody asked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public GroupingVerification? Verification { get; init; }

    /// <summary>The answer as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, AnalysisJson.Options);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not a grouping, or names a network or task that is not there.</exception>
    public static MeasuredGrouping FromJson(string json)
    {
        var answer = AnalysisJson.Read<MeasuredGrouping>(json, "a grouping");
        foreach (var task in answer.Tasks)
        {
            if (
                !answer.Serving.TryGetValue(task, out var network)
                || network < 0
                || network >= answer.Networks.Count
                || !answer.Networks[network].Contains(task)
            )
            {
                throw new FormatException($"This grouping names no network that answers for task '{task}'.");
            }
        }

        return answer;
    }

    /// <summary>The architecture that trains these networks as one, for tasks in another order perhaps.</summary>
    /// <param name="tasks">The names of the tasks to be trained: the same as here.</param>
    /// <returns>A specification such as "grouped:groups=0-2/1,serving=0-1-0".</returns>
    /// <exception cref="FormatException">The tasks are others.</exception>
    public string Network(IReadOnlyList<string> tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        if (!Tasks.ToHashSet(StringComparer.Ordinal).SetEquals(tasks))
        {
            throw new FormatException(
                $"The grouping is of {string.Join(", ", Tasks)}; the targets are {string.Join(", ", tasks)}."
            );
        }

        var places = tasks.Select((name, place) => (name, place)).ToDictionary(StringComparer.Ordinal);
        var groups = Networks.Select(network => string.Join('-', network.Select(task => places[task])));
        return $"grouped:groups={string.Join('/', groups)},serving={string.Join('-', tasks.Select(task => Serving[task]))}";
    }
}

/// <summary>Affinities as they are written.</summary>
/// <param name="Tasks">The tasks' names.</param>
/// <param name="Values">Row by row, the affected task's row.</param>
public sealed record WrittenAffinity(IReadOnlyList<string> Tasks, IReadOnlyList<double> Values);
