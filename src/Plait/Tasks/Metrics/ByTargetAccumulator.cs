namespace Plait.Tasks.Metrics;

/// <summary>Gathers one number of each target that has a class, beside that class and what the target weighs.</summary>
/// <param name="answer">What outputs and targets mean; it has classes.</param>
internal abstract class ByTargetAccumulator(Answer answer) : MetricAccumulator
{
    /// <summary>What outputs and targets mean.</summary>
    protected Answer Answer => answer;

    /// <inheritdoc/>
    public sealed override void Add(Tensor output, TaskTarget target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        answer.RequireShapes(output, target.Values);
        var numbers = Read(output, target);
        var labels = HostMemory.Classes(answer, target);
        var weights = HostMemory.Weights(target);
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] >= 0)
            {
                Gather(numbers[i], labels[i], weights.IsEmpty ? 1 : weights[i]);
            }
        }
    }

    /// <summary>A number for each target, missing ones too.</summary>
    protected abstract ReadOnlySpan<double> Read(Tensor output, TaskTarget target);

    /// <summary>Takes in one target.</summary>
    /// <param name="number">What <see cref="Read"/> gave for it.</param>
    /// <param name="label">Its class.</param>
    /// <param name="weight">What it weighs; above 0.</param>
    protected abstract void Gather(double number, long label, double weight);
}
