using Plait.Tasks;

namespace Plait.Training;

/// <summary>Which epoch's parameters a training keeps: those with the highest score on the validation data.</summary>
public abstract class CheckpointSelection
{
    /// <summary>By the sum of the tasks' validation losses, unweighted; lower is better.</summary>
    public static CheckpointSelection ValidationLoss { get; } = new ByLoss();

    /// <summary>By the mean over tasks of the primary metric, each signed so that more is better.</summary>
    public static CheckpointSelection PrimaryMetric { get; } = new ByMetric();

    /// <summary>By delta-m against the metrics of a baseline, such as single-task networks.</summary>
    /// <param name="baseline">The baseline's metrics on the validation data.</param>
    public static CheckpointSelection DeltaM(TaskMetrics baseline) => new ByDeltaM(baseline);

    /// <summary>The score of an evaluation; higher is better.</summary>
    public abstract double Score(TaskSet tasks, Evaluation validation);

    private sealed class ByLoss : CheckpointSelection
    {
        public override double Score(TaskSet tasks, Evaluation validation) => -validation.TotalLoss;
    }

    private sealed class ByMetric : CheckpointSelection
    {
        public override double Score(TaskSet tasks, Evaluation validation)
        {
            var values = tasks
                .Select(
                    (task, place) => validation.Metrics.Primary(place) * (task.PrimaryMetric.HigherIsBetter ? 1 : -1)
                )
                .Where(value => !double.IsNaN(value))
                .ToArray();
            return values.Length == 0 ? double.NaN : values.Average();
        }
    }

    private sealed class ByDeltaM(TaskMetrics baseline) : CheckpointSelection
    {
        public override double Score(TaskSet tasks, Evaluation validation) =>
            Plait.Tasks.DeltaM.Compute(validation.Metrics, baseline);
    }
}
