namespace Plait.Tasks.Metrics;

/// <summary>How well a task is done: one number over a whole data set, gathered batch by batch.</summary>
public abstract class Metric
{
    /// <summary>The metric's name, lower case, as reports print it.</summary>
    public abstract string Name { get; }

    /// <summary>Whether more of it is better.</summary>
    public abstract bool HigherIsBetter { get; }

    /// <summary>Starts to gather.</summary>
    public abstract MetricAccumulator Start();
}

/// <summary>Gathers one metric over the batches of a data set. Not safe for two threads at once.</summary>
public abstract class MetricAccumulator
{
    /// <summary>Takes in one batch; targets that are missing do not count.</summary>
    /// <param name="output">The network's raw output (logits for classification), [rows, channels] or [rows, channels, height, width].</param>
    /// <param name="target">Targets of the same rows.</param>
    public abstract void Add(Tensor output, TaskTarget target);

    /// <summary>The metric over all that was added; NaN where it is not defined (no target, or one class alone for AUC).</summary>
    public abstract double Compute();
}
