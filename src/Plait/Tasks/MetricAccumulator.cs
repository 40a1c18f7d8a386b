namespace Plait.Tasks;

/// <summary>Gathers one metric over the batches of a data set. Not safe for two threads at once.</summary>
public abstract class MetricAccumulator
{
    /// <summary>Takes in one batch; targets that are missing do not count, and others count by their weights.</summary>
    /// <param name="output">The network's raw output (logits for classification), [rows, channels] and the axes of the layout after them.</param>
    /// <param name="target">Targets of the same rows; they may be on another device.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public abstract void Add(Tensor output, TaskTarget target);

    /// <summary>The metric over all that was added; NaN where it is not defined (no target, or one class alone for AUC).</summary>
    public abstract double Compute();
}
