namespace Plait.Tasks;

/// <summary>What is to be learned: a name, what an answer means, the loss that trains it and the metrics that judge it.</summary>
public sealed record LearningTask
{
    /// <summary>Describes a task.</summary>
    /// <param name="name">Unique in its <see cref="TaskSet"/>.</param>
    /// <param name="answer">What the task's output means.</param>
    /// <param name="loss">Trains the task; null for the answer's own.</param>
    /// <param name="metrics">Judge the task; the first is the primary one. All of them enter <see cref="DeltaM"/>. Null for the answer's own.</param>
    /// <exception cref="ArgumentException">The name is empty, the loss or a metric does not fit the answer, there is no metric, or two share a name.</exception>
    public LearningTask(string name, Answer answer, TaskLoss? loss = null, IReadOnlyList<Metric>? metrics = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(answer);
        loss ??= answer.DefaultLoss();
        metrics ??= answer.DefaultMetrics;
        if (loss.Trains is { } trained && trained != answer.Meaning)
        {
            throw new ArgumentException(
                $"Task '{name}' ({answer.Kind}) has outputs that are {answer.Meaning}, and the loss '{loss.Name}' trains {trained}; leave the loss out for '{answer.DefaultLoss().Name}', or choose another answer.",
                nameof(loss)
            );
        }

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

        if (metrics.FirstOrDefault(metric => !metric.Judges(answer)) is { } idle)
        {
            throw new ArgumentException(
                $"Task '{name}' ({answer.Kind}) has {answer}, of which the metric '{idle.Name}' says nothing; leave it out, or choose from {string.Join(", ", answer.DefaultMetrics)}.",
                nameof(metrics)
            );
        }

        Name = name;
        Answer = answer;
        Loss = loss;
        Metrics = [.. metrics];
    }

    /// <summary>The task's name, unique in its <see cref="TaskSet"/>.</summary>
    public string Name { get; }

    /// <summary>What the task's output means.</summary>
    public Answer Answer { get; }

    /// <summary>The shape of one row's output.</summary>
    public OutputShape Output => Answer.Output;

    /// <summary>Trains the task.</summary>
    public TaskLoss Loss { get; }

    /// <summary>Judge the task; the first is the primary one. All of them enter <see cref="DeltaM"/>.</summary>
    public IReadOnlyList<Metric> Metrics { get; }

    /// <summary>The metric that stands for the task where there is room for one.</summary>
    public Metric PrimaryMetric => Metrics[0];

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
