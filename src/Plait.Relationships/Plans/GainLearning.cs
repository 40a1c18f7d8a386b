using Plait.Data;
using Plait.Jobs;
using Plait.Relationships.Grouping.Prediction;

namespace Plait.Relationships.Plans;

/// <summary>What single trainings tell of tasks, and what predictors of gains learn from it.</summary>
internal static class GainLearning
{
    /// <summary>The fewest epochs of a training whose loss curve tells something.</summary>
    public const int LeastEpochs = 3;

    /// <summary>The names of the features of every pair.</summary>
    public static IReadOnlySet<string> FeatureNames { get; } =
        GainFeatures.Of(Anything, Anything).Values.Keys.ToHashSet();

    private static TaskFeatures Anything =>
        TaskFeatures.Of("", LabelDistribution.OfCounts([1, 1]), new LearningCurve([1, 2, 3], [1, 0.5, 0.4]));

    /// <summary>The features of tasks: of their labels in the training rows, and of their loss curves alone.</summary>
    /// <param name="tasks">The tasks' names.</param>
    /// <param name="alone">The training of each task alone, all with one seed; others are passed over.</param>
    public static IReadOnlyList<TaskFeatures> FeaturesOf(IReadOnlyList<string> tasks, IReadOnlyList<FinishedJob> alone)
    {
        using var parts = alone[0].Planned.Job.Data.Load(alone[0].Planned.Job.Run.Seed);
        var data =
            parts as DataParts
            ?? throw new NotSupportedException(
                $"Predicted gains look at all labels of '{alone[0].Planned.Job.Data.Name}' at once, and they do not fit in memory."
            );
        using var train = data.Train.SelectTasks(tasks);
        return
        [
            .. tasks.Select(
                (task, place) =>
                    TaskFeatures.Of(
                        task,
                        LabelsOf(train, place),
                        CurveOf(
                            alone.Single(job => job.Planned.Name == Names.Alone && job.Planned.Job.Tasks![0] == task)
                        )
                    )
            ),
        ];
    }

    /// <summary>Every ordered pair of tasks with the gain that was measured.</summary>
    public static IEnumerable<GainExample> Examples(IReadOnlyList<TaskFeatures> tasks, double[] gains) =>
        from main in Enumerable.Range(0, tasks.Count)
        from auxiliary in Enumerable.Range(0, tasks.Count)
        where auxiliary != main
        select new GainExample(GainFeatures.Of(tasks[main], tasks[auxiliary]), gains[(main * tasks.Count) + auxiliary]);

    private static LabelDistribution LabelsOf(TensorData train, int task)
    {
        using var scope = torch.NewDisposeScope();
        var target = train.TargetOf(task);
        var values = target.Present is null
            ? target.Values.flatten()
            : target.Values.masked_select(target.Present.to(ScalarType.Bool));
        return values.dtype == ScalarType.Int64
            ? LabelDistribution.OfLabels(values.data<long>().ToArray())
            : LabelDistribution.OfNumbers(values.to(ScalarType.Float64).data<double>().ToArray());
    }

    private static LearningCurve CurveOf(FinishedJob job)
    {
        var losses = job.Result.TrainingLosses.Values.Single();
        return new LearningCurve([.. Enumerable.Range(1, losses.Length).Select(epoch => (double)epoch)], losses);
    }
}
