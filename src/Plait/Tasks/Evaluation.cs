namespace Plait.Tasks;

/// <summary>Losses and metrics of a network on a data set.</summary>
/// <param name="Losses">Mean loss of each task over its present targets; NaN for a task without any, infinite where it cannot be computed.</param>
/// <param name="Metrics">Every metric of every task.</param>
public sealed record Evaluation(double[] Losses, TaskMetrics Metrics)
{
    /// <summary>The sum of the losses of the tasks that have one.</summary>
    public double TotalLoss => Losses.Where(loss => !double.IsNaN(loss)).Sum();
}
