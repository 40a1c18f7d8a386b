namespace Plait.Jobs.Runs;

/// <summary>One number that judges one task after one epoch. A second one for the same place replaces the first.</summary>
/// <param name="Epoch">From 0, which is before training.</param>
/// <param name="Split">The rows it was measured on.</param>
/// <param name="Task">The task's name.</param>
/// <param name="Metric">The metric's name; <see cref="Loss"/> for the task's own loss.</param>
/// <param name="Value">Any number; NaN where it is not defined.</param>
public sealed record Measurement(int Epoch, DataSplit Split, string Task, string Metric, double Value)
{
    /// <summary>The metric name under which a task's loss is kept.</summary>
    public const string Loss = "loss";
}
