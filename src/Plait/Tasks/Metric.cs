namespace Plait.Tasks;

/// <summary>How well a task is done: one number over a whole data set, gathered batch by batch.</summary>
public abstract class Metric
{
    /// <summary>The metric's name, lower case, as reports print it.</summary>
    public abstract string Name { get; }

    /// <summary>Whether more of it is better.</summary>
    public abstract bool HigherIsBetter { get; }

    /// <summary>Whether the metric is taken in the targets' unit, and changes with it.</summary>
    public virtual bool HasUnit => false;

    /// <summary>Whether the metric says something of answers of a kind.</summary>
    public virtual bool Judges(Answer answer) => true;

    /// <summary>Starts to gather.</summary>
    /// <param name="answer">What the outputs and targets to come mean.</param>
    public abstract MetricAccumulator Start(Answer answer);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
