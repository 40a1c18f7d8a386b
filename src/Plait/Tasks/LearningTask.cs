using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;

namespace Plait.Tasks;

/// <summary>What is to be learned: a name, the shape of the output, the loss that trains it and the metrics that judge it.</summary>
/// <param name="Name">Unique in its <see cref="TaskSet"/>.</param>
/// <param name="Output">The shape of one row's output.</param>
/// <param name="Loss">Trains the task.</param>
/// <param name="Metrics">Judge the task; the first is the primary one. All of them enter <see cref="DeltaM"/>.</param>
public sealed record LearningTask(string Name, OutputShape Output, TaskLoss Loss, IReadOnlyList<Metric> Metrics)
{
    /// <summary>The metric that stands for the task where there is room for one.</summary>
    public Metric PrimaryMetric => Metrics[0];

    /// <summary>One of several classes: cross-entropy, judged by accuracy.</summary>
    /// <param name="name">The task's name.</param>
    /// <param name="classes">How many classes; 2 or more. Targets are Int64 numbers from 0; a negative one is missing.</param>
    /// <param name="classWeights">One weight a class, or null for equal ones.</param>
    /// <param name="labelSmoothing">From 0 (none) to below 1: the share of a target spread evenly over the classes.</param>
    public static LearningTask Classification(
        string name,
        int classes,
        IReadOnlyList<float>? classWeights = null,
        double labelSmoothing = 0
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        return new(name, OutputShape.Vector(classes), new CrossEntropy(classWeights, labelSmoothing), [new Accuracy()]);
    }

    /// <summary>Yes or no: binary cross-entropy on one logit, judged by AUC. Targets are 0 and 1; NaN is missing.</summary>
    public static LearningTask Binary(string name) =>
        new(name, OutputShape.Vector(1), new BinaryCrossEntropy(), [new AreaUnderRoc()]);

    /// <summary>Numbers: squared error, judged by it and by the absolute error. NaN is missing.</summary>
    /// <param name="name">The task's name.</param>
    /// <param name="width">Numbers a row.</param>
    public static LearningTask Regression(string name, int width = 1) =>
        new(name, OutputShape.Vector(width), new SquaredError(), [new MeanSquaredError(), new MeanAbsoluteError()]);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
