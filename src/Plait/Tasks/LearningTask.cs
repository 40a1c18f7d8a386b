using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;

namespace Plait.Tasks;

/// <summary>What is to be learned: a name, the shape of the output, the loss that trains it and the metrics that judge it.</summary>
public sealed partial record LearningTask
{
    /// <summary>Describes a task.</summary>
    /// <param name="name">Unique in its <see cref="TaskSet"/>.</param>
    /// <param name="output">The shape of one row's output.</param>
    /// <param name="loss">Trains the task.</param>
    /// <param name="metrics">Judge the task; the first is the primary one. All of them enter <see cref="DeltaM"/>.</param>
    /// <exception cref="ArgumentException">The name is empty, there is no metric, or two share a name.</exception>
    public LearningTask(string name, OutputShape output, TaskLoss loss, IReadOnlyList<Metric> metrics)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(output.Channels, 1, nameof(output));
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(metrics);
        if (metrics.Count == 0)
        {
            throw new ArgumentException($"Task '{name}' has no metric; give it at least one.", nameof(metrics));
        }

        if (metrics.CountBy(metric => metric.Name).FirstOrDefault(group => group.Value > 1).Key is { } twice)
        {
            throw new ArgumentException(
                $"Task '{name}' has the metric '{twice}' twice; name it once.",
                nameof(metrics)
            );
        }

        Name = name;
        Output = output;
        Loss = loss;
        Metrics = [.. metrics];
    }

    /// <summary>The task's name, unique in its <see cref="TaskSet"/>.</summary>
    public string Name { get; }

    /// <summary>The shape of one row's output.</summary>
    public OutputShape Output { get; }

    /// <summary>Trains the task.</summary>
    public TaskLoss Loss { get; }

    /// <summary>Judge the task; the first is the primary one. All of them enter <see cref="DeltaM"/>.</summary>
    public IReadOnlyList<Metric> Metrics { get; }

    /// <summary>The metric that stands for the task where there is room for one.</summary>
    public Metric PrimaryMetric => Metrics[0];

    /// <summary>One of several classes: cross-entropy, judged by accuracy.</summary>
    /// <param name="name">The task's name.</param>
    /// <param name="classes">How many classes; 2 or more. Targets are Int64 numbers from 0; a negative one is missing.</param>
    /// <param name="classWeights">One weight a class, or null for equal ones.</param>
    /// <param name="labelSmoothing">From 0 (none) to below 1: the share of a target spread evenly over the classes.</param>
    /// <param name="metrics">What judges the task instead, the primary one first.</param>
    public static LearningTask Classification(
        string name,
        int classes,
        IReadOnlyList<float>? classWeights = null,
        double labelSmoothing = 0,
        IReadOnlyList<Metric>? metrics = null
    ) =>
        new(
            name,
            OutputShape.Vector(RequireClasses(name, classes, classWeights)),
            new CrossEntropy(classWeights, labelSmoothing),
            metrics ?? [new Accuracy()]
        );

    /// <summary>Yes or no: binary cross-entropy on one logit, judged by AUC. Targets are 0 and 1; NaN is missing.</summary>
    /// <param name="name">The task's name.</param>
    /// <param name="positiveWeight">The cost of a positive target is multiplied by it; above 0.</param>
    /// <param name="metrics">What judges the task instead, the primary one first.</param>
    public static LearningTask Binary(string name, double positiveWeight = 1, IReadOnlyList<Metric>? metrics = null) =>
        new(name, OutputShape.Vector(1), new BinaryCrossEntropy(positiveWeight), metrics ?? [new AreaUnderRoc()]);

    /// <summary>The same with a weight for either class, over which the loss is a mean.</summary>
    /// <param name="name">The task's name.</param>
    /// <param name="classWeights">What a negative target counts and what a positive one counts, each above 0.</param>
    /// <param name="metrics">What judges the task instead, the primary one first.</param>
    public static LearningTask Binary(
        string name,
        IReadOnlyList<float> classWeights,
        IReadOnlyList<Metric>? metrics = null
    ) => new(name, OutputShape.Vector(1), new BinaryCrossEntropy(classWeights), metrics ?? [new AreaUnderRoc()]);

    /// <summary>Numbers: squared error, judged by it and by the absolute error. NaN is missing.</summary>
    /// <param name="name">The task's name.</param>
    /// <param name="width">Numbers a row.</param>
    /// <param name="metrics">What judges the task instead, the primary one first.</param>
    public static LearningTask Regression(string name, int width = 1, IReadOnlyList<Metric>? metrics = null) =>
        new(
            name,
            OutputShape.Vector(width),
            new SquaredError(),
            metrics ?? [new MeanSquaredError(), new MeanAbsoluteError()]
        );

    /// <summary>Refuses targets that the task's loss cannot learn from; looks at all of them.</summary>
    /// <exception cref="ArgumentException">There are such; the message names the task, the value and the remedy.</exception>
    internal void Require(TaskTarget target)
    {
        if (Loss.FaultOf(target, Output) is { } fault)
        {
            throw new ArgumentException($"Task '{Name}': {fault}.");
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
