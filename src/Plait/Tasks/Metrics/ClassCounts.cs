namespace Plait.Tasks.Metrics;

/// <summary>How often each class was the target, was predicted, and was both, by the targets' weights: all that metrics of predicted classes need.</summary>
/// <remarks>
/// The margins and the diagonal of the confusion matrix, in memory that grows with the classes and not with their square. Class
/// numbers below 0 or beyond the logits' classes do not count, as benchmarks have it for their "void" labels.
/// </remarks>
internal sealed class ClassCounts(Answer answer) : Gathering
{
    /// <summary>How many classes there are; two for a yes or no.</summary>
    public int Classes => answer.Classes;

    /// <summary>Targets of each class.</summary>
    public double[] Targets { get; } = new double[answer.Classes];

    /// <summary>Predictions of each class, where a target is present.</summary>
    public double[] Predictions { get; } = new double[answer.Classes];

    /// <summary>Targets of each class that were predicted as such.</summary>
    public double[] Hits { get; } = new double[answer.Classes];

    /// <summary>Counts one batch.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public override void Add(Tensor output, TaskTarget target)
    {
        answer.RequireShapes(output, target.Values);
        // The class axis is reduced where the logits live; one number a target travels to main memory.
        var predicted = HostMemory.Integers(TargetShapes.Align(answer.Decide(output), target.Values));
        var labels = HostMemory.Classes(answer, target);
        var weights = HostMemory.Weights(target);
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] < 0)
            {
                continue;
            }

            var weight = weights.IsEmpty ? 1 : weights[i];
            Targets[labels[i]] += weight;
            Predictions[predicted[i]] += weight;
            if (labels[i] == predicted[i])
            {
                Hits[labels[i]] += weight;
            }
        }
    }
}
