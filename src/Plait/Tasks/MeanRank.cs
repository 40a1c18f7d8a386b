using Plait.Numerics;

namespace Plait.Tasks;

/// <summary>The mean rank (MR) of each of several networks over all metrics of all tasks: 1 is the best at everything.</summary>
/// <remarks>
/// Navon et al. 2022, <i>Multi-Task Learning as a Bargaining Game</i>, section 6. Networks with equal values share the mean of their
/// ranks. A value that is undefined ranks last; a metric that is undefined for all networks is left out.
/// </remarks>
public static class MeanRank
{
    /// <summary>Ranks networks.</summary>
    /// <param name="models">Values of each network, of the same tasks and metrics.</param>
    /// <returns>For each network, from 1 to their number, lower being better; NaN when no metric is left.</returns>
    /// <exception cref="ArgumentException">There is none, or two are of different tasks or metrics.</exception>
    public static double[] Compute(params IReadOnlyList<TaskMetrics> models)
    {
        ArgumentNullException.ThrowIfNull(models);
        if (models.Count == 0)
        {
            throw new ArgumentException("Ranks need at least one network.", nameof(models));
        }

        foreach (var model in models)
        {
            models[0].RequireSameTasks(model);
        }

        var sums = new double[models.Count];
        var metrics = 0;
        for (var task = 0; task < models[0].Tasks.Count; task++)
        {
            for (var metric = 0; metric < models[0].Tasks[task].Metrics.Count; metric++)
            {
                metrics += AddRanks(models, task, metric, sums) ? 1 : 0;
            }
        }

        return [.. sums.Select(sum => sum / metrics)];
    }

    private static bool AddRanks(IReadOnlyList<TaskMetrics> models, int task, int metric, double[] sums)
    {
        var higherIsBetter = models[0].Tasks[task].Metrics[metric].HigherIsBetter;
        double[] costs =
        [
            .. models.Select(model =>
                double.IsNaN(model[task, metric]) ? double.PositiveInfinity
                : higherIsBetter ? -model[task, metric]
                : model[task, metric]
            ),
        ];
        if (models.All(model => double.IsNaN(model[task, metric])))
        {
            return false;
        }

        var ranks = Ranks.Of(costs);
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] += ranks[i] + 1;
        }

        return true;
    }
}
