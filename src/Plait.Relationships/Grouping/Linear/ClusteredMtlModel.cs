namespace Plait.Relationships.Grouping.Linear;

/// <summary>Linear tasks in groups: what <see cref="ClusteredMtl"/> learned.</summary>
public sealed class ClusteredMtlModel
{
    internal ClusteredMtlModel(
        IReadOnlyList<LinearTaskData> tasks,
        LinearLoss loss,
        double[][] weights,
        IReadOnlyList<int> groups,
        IReadOnlyList<double> objectives
    )
    {
        (Groups, Objectives) = (groups, objectives);
        Models = new LinearModels(tasks, loss, weights);
    }

    /// <summary>The tasks' models.</summary>
    public LinearModels Models { get; }

    /// <summary>For each task its group's number.</summary>
    public IReadOnlyList<int> Groups { get; }

    /// <summary>The objective after each round; never rising.</summary>
    public IReadOnlyList<double> Objectives { get; }

    /// <summary>The groups that are not empty, by name of the tasks.</summary>
    public IReadOnlyList<TaskGroup> TaskGroups =>
        [
            .. Models
                .Tasks.Zip(Groups)
                .GroupBy(pair => pair.Second, pair => pair.First)
                .OrderBy(group => group.Key)
                .Select(group => new TaskGroup([.. group])),
        ];
}
