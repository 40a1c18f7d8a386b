namespace Plait.Tasks.Metrics;

/// <summary>How often each class was the target, was predicted, and was both, by the targets' weights: all that metrics of predicted classes need.</summary>
/// <remarks>
/// The margins and the diagonal of the confusion matrix, in memory that grows with the classes and not with their square. Class
/// numbers below 0 or beyond the logits' classes do not count, as benchmarks have it for their "void" labels.
/// </remarks>
internal sealed class ClassCounts : Gathering
{
    /// <summary>How many classes there are; 0 before the first batch. One logit makes two.</summary>
    public int Classes { get; private set; }

    /// <summary>Targets of each class.</summary>
    public double[] Targets { get; private set; } = [];

    /// <summary>Predictions of each class, where a target is present.</summary>
    public double[] Predictions { get; private set; } = [];

    /// <summary>Targets of each class that were predicted as such.</summary>
    public double[] Hits { get; private set; } = [];

    /// <summary>Counts one batch.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit, or the number of classes changed.</exception>
    public override void Add(Tensor output, TaskTarget target)
    {
        var several = TargetShapes.AreClasses(output, target.Values);
        if (several)
        {
            TargetShapes.RequireClasses(output, target.Values);
        }

        Grow(several ? (int)output.shape[1] : 2);
        // The class axis is reduced where the logits live; one number a target travels to main memory.
        var predicted = HostMemory.Integers(
            several ? output.argmax(1) : TargetShapes.Align(output, target.Values).gt(0)
        );
        var labels = HostMemory.Classes(output, target);
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

    private void Grow(int classes)
    {
        if (Classes == 0)
        {
            Classes = classes;
            Targets = new double[classes];
            Predictions = new double[classes];
            Hits = new double[classes];
        }
        else if (Classes != classes)
        {
            throw new ArgumentException($"A batch has logits of {classes} classes where others had {Classes}.");
        }
    }
}
