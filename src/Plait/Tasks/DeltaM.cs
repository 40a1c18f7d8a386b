namespace Plait.Tasks;

/// <summary>How Δm draws tasks and metrics together. The conventions differ in sign and in number: always say which.</summary>
public enum DeltaMConvention
{
    /// <summary>The mean over the metrics in a task, then over the tasks (LibMTL's Δp); positive is better than the baseline.</summary>
    /// <remarks>Lin and Zhang 2023, <i>LibMTL: A Python Library for Deep Multi-Task Learning</i>.</remarks>
    MeanOverTasks,

    /// <summary>The mean over all metrics of all tasks alike; negative is better than the baseline.</summary>
    /// <remarks>Navon et al. 2022, <i>Multi-Task Learning as a Bargaining Game</i>, section 6; also CAGrad's, FAMO's and FairGrad's.</remarks>
    MeanOverMetrics,

    /// <summary>The mean over the tasks of the primary metric, the others being left out; positive is better than the baseline.</summary>
    /// <remarks>
    /// Maninis et al. 2019, <i>Attentive Single-Tasking of Multiple Tasks</i>, equation 4, and Vandenhende et al. 2021, <i>Multi-Task
    /// Learning for Dense Prediction Tasks: A Survey</i>, equation 6, which have one metric a task: mean IoU, the root mean squared error of
    /// depth, the mean angle, ODS F, and for saliency the mean Jaccard.
    /// </remarks>
    PrimaryMetrics,
}

/// <summary>Δm: by how many percent a network does its tasks better than a baseline, commonly one network for each task.</summary>
/// <remarks>
/// <para>The relative change of a metric is (value - baseline) / |baseline|, its sign turned for metrics of which less is better.</para>
/// <para>A metric whose baseline is zero, infinite or undefined says nothing and is left out; so is a task that has no other, and Δm is NaN
/// when nothing is left. A value that is undefined where its baseline is defined makes Δm NaN: a network that diverged never looks good.</para>
/// </remarks>
public static class DeltaM
{
    /// <summary>Δm over all tasks.</summary>
    /// <param name="model">The values of the network in question.</param>
    /// <param name="baseline">The values that it is compared with, of the same tasks and metrics.</param>
    /// <param name="convention">How tasks and metrics are drawn together, and which sign is good.</param>
    /// <returns>Percent; NaN where it is not defined.</returns>
    /// <exception cref="ArgumentException">The two are of different tasks or metrics.</exception>
    public static double Compute(
        TaskMetrics model,
        TaskMetrics baseline,
        DeltaMConvention convention = DeltaMConvention.MeanOverTasks
    )
    {
        Require(model, baseline);
        var tasks = Enumerable.Range(0, model.Tasks.Count);
        return convention switch
        {
            DeltaMConvention.MeanOverTasks => Mean(
                tasks
                    .Select(task => Gains(model, baseline, task).ToArray())
                    .Where(gains => gains.Length > 0)
                    .Select(gains => gains.Average())
            ),
            DeltaMConvention.MeanOverMetrics => -Mean(tasks.SelectMany(task => Gains(model, baseline, task))),
            DeltaMConvention.PrimaryMetrics => Mean(tasks.SelectMany(task => Gains(model, baseline, task, count: 1))),
            _ => throw new ArgumentOutOfRangeException(nameof(convention), convention, "There is no such convention."),
        };
    }

    /// <summary>Whether a network is better than the baseline where Δm is above 0; else where it is below.</summary>
    public static bool HigherIsBetter(DeltaMConvention convention) => convention != DeltaMConvention.MeanOverMetrics;

    /// <summary>What stands beside a figure, so that it cannot be taken for one of another convention.</summary>
    public static string Label(DeltaMConvention convention) =>
        convention switch
        {
            DeltaMConvention.MeanOverTasks => "Δm, mean over tasks of the mean over metrics (higher is better)",
            DeltaMConvention.MeanOverMetrics => "Δm, mean over all metrics (lower is better)",
            DeltaMConvention.PrimaryMetrics => "Δm, mean over tasks of the primary metric (higher is better)",
            _ => throw new ArgumentOutOfRangeException(nameof(convention), convention, "There is no such convention."),
        };

    /// <summary>One task's share: the mean over its metrics; positive is better than the baseline.</summary>
    /// <param name="model">The values of the network in question.</param>
    /// <param name="baseline">The values that it is compared with, of the same tasks and metrics.</param>
    /// <param name="task">The task's place in the set.</param>
    /// <returns>Percent; NaN where it is not defined.</returns>
    /// <exception cref="ArgumentException">The two are of different tasks or metrics.</exception>
    public static double OfTask(TaskMetrics model, TaskMetrics baseline, int task)
    {
        Require(model, baseline);
        return Mean(Gains(model, baseline, task));
    }

    private static void Require(TaskMetrics model, TaskMetrics baseline)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(baseline);
        model.RequireSameTasks(baseline);
    }

    /// <summary>The relative improvement of each of the first metrics that has a usable baseline, in percent, positive for better.</summary>
    private static IEnumerable<double> Gains(
        TaskMetrics model,
        TaskMetrics baseline,
        int task,
        int count = int.MaxValue
    )
    {
        var metrics = model.Tasks[task].Metrics;
        for (var metric = 0; metric < Math.Min(count, metrics.Count); metric++)
        {
            var reference = baseline[task, metric];
            if (reference != 0 && double.IsFinite(reference))
            {
                var change = (model[task, metric] - reference) / Math.Abs(reference) * 100;
                yield return metrics[metric].HigherIsBetter ? change : -change;
            }
        }
    }

    private static double Mean(IEnumerable<double> values) => values.DefaultIfEmpty(double.NaN).Average();
}
