namespace Plait.Relationships.Grouping.Linear;

/// <summary>Groups that linear models showed: what <see cref="LinearGrouping"/> found.</summary>
public sealed class LinearGroups
{
    internal LinearGroups(LinearFit found, double strength, double[] losses, double[] alone, double[] together)
    {
        Tasks = found.Models.Tasks;
        Similarity = found.TellsSimilarity
            ? new AffinityMatrix(Tasks, [.. found.Models.Similarity().Values.ToArray().Select(Math.Abs)])
            : null;
        (Strength, Losses, LossesAlone, LossesTogether) = (strength, losses, alone, together);
        var tasks = Enumerable.Range(0, Tasks.Count).ToArray();
        var own = Array.ConvertAll(tasks, task => Array.IndexOf(found.Parts[task], found.Parts[task].Max()));
        int[] unrelated = [.. tasks.Where(task => found.Parts[task].Max() == 0)];
        int[] related = [.. tasks.Except(unrelated)];
        var largest = related.Length == 0 ? 0 : related.GroupBy(task => own[task]).MaxBy(same => same.Count())!.Key;
        Array.ForEach(unrelated, task => own[task] = largest);
        var groups = own.Distinct()
            .Order()
            .Select(group =>
                (
                    Group: group,
                    Members: tasks.Where(task => own[task] == group || found.Parts[task][group] >= found.LeastPart)
                )
            )
            .GroupBy(group => string.Join(' ', group.Members))
            .Select(same => (Groups: same.Select(one => one.Group).ToArray(), Members: same.First().Members.ToArray()))
            .ToArray();
        Unrelated = [.. unrelated.Select(task => Tasks[task])];
        Parts = Array.ConvertAll(
            tasks,
            task => Array.ConvertAll(groups, group => group.Groups.Sum(one => found.Parts[task][one]))
        );
        Grouping = new TaskGrouping(
            [.. groups.Select(group => new TaskGroup([.. group.Members.Select(task => Tasks[task])]))],
            tasks.ToDictionary(
                task => Tasks[task],
                task => Array.FindIndex(groups, group => group.Groups.Contains(own[task]))
            ),
            losses.Zip(alone, (loss, single) => loss / single).Sum(),
            Optimal: false,
            double.NegativeInfinity
        );
    }

    /// <summary>The tasks' names.</summary>
    public IReadOnlyList<string> Tasks { get; }

    /// <summary>The groups. Its total is that of the losses relative to those of each task alone, so that less than the number of tasks is a gain.</summary>
    public TaskGrouping Grouping { get; }

    /// <summary>For each task, how much of it each group of <see cref="Grouping"/> makes up, from 0 to 1.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Parts { get; }

    /// <summary>Tasks of which no linear model tells anything; they stand with the most others.</summary>
    public IReadOnlyList<string> Unrelated { get; }

    /// <summary>The strength of the penalty.</summary>
    public double Strength { get; }

    /// <summary>Each task's squared error on the validation rows, in units of the spread of its training targets.</summary>
    public IReadOnlyList<double> Losses { get; }

    /// <summary>The same of a linear model of the task alone, with the best of several penalties for each.</summary>
    public IReadOnlyList<double> LossesAlone { get; }

    /// <summary>The same of linear models that all share one subspace.</summary>
    public IReadOnlyList<double> LossesTogether { get; }

    /// <summary>
    /// How alike the tasks' models are: cosines of their weights without the sign, which a network's head may turn; from 0 to 1. Null where
    /// one latent task is left, of which all models are multiples: their cosines would be 1 however little the tasks have in common.
    /// </summary>
    public AffinityMatrix? Similarity { get; }
}
