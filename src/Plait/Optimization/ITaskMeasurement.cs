namespace Plait.Optimization;

/// <summary>A <see cref="TrainingCallback"/> that measures something between each two tasks, which is kept with the training's result.</summary>
public interface ITaskMeasurement
{
    /// <summary>What was measured, row by row in the order of the network's tasks: [tasks * tasks], the affected task's row.</summary>
    /// <exception cref="InvalidOperationException">Something was not measured; the message says what.</exception>
    double[] Values { get; }
}
