using static TorchSharp.torch.nn;

namespace Plait.Tasks.Losses;

/// <summary>Cross-entropy of class logits; one class a row, or one a pixel.</summary>
/// <remarks>
/// With class weights the mean is taken over the weights of the present targets, as is usual. A negative class number, or
/// the ignore index, marks a missing target.
/// </remarks>
public sealed class CrossEntropy : TaskLoss
{
    private readonly Tensor? classWeights;
    private readonly double labelSmoothing;
    private readonly long ignoreIndex;

    /// <summary>Sets the options.</summary>
    /// <param name="classWeights">One weight a class, 0 or more; null for equal ones.</param>
    /// <param name="labelSmoothing">From 0 (none) to below 1: the share of a target spread evenly over the classes.</param>
    /// <param name="ignoreIndex">A further class number that means "missing"; negative ones always do.</param>
    public CrossEntropy(IReadOnlyList<float>? classWeights = null, double labelSmoothing = 0, long ignoreIndex = -100)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(labelSmoothing);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(labelSmoothing, 1);
        if (classWeights is not null && classWeights.Any(weight => !(weight >= 0) || float.IsInfinity(weight)))
        {
            throw new ArgumentException("Class weights are finite and 0 or more.", nameof(classWeights));
        }

        this.classWeights = classWeights is null ? null : torch.tensor(classWeights.ToArray()).DetachFromDisposeScope();
        this.labelSmoothing = labelSmoothing;
        this.ignoreIndex = ignoreIndex;
    }

    /// <inheritdoc/>
    public override string Name => "cross-entropy";

    /// <inheritdoc/>
    public override Tensor Compute(Tensor output, TaskTarget target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        RequireClasses(output, target.Values);
        var weights = classWeights?.to(output.dtype, output.device);
        if (target.Present is null && ignoreIndex < 0)
        {
            return functional.cross_entropy(output, target.Values, weights, label_smoothing: labelSmoothing);
        }

        var labels = target.Present is null
            ? target.Values
            : target.Values.masked_fill(target.Present.eq(0), ignoreIndex);
        var sum = functional.cross_entropy(output, labels, weights, ignoreIndex, Reduction.Sum, labelSmoothing);
        var present = labels.ne(ignoreIndex).to(output.dtype);
        var counted = weights is null
            ? present
            : present.mul(weights.index_select(0, target.Values.flatten()).view_as(target.Values));
        var total = counted.sum();
        return sum.div(total.add(total.eq(0).to(output.dtype)));
    }

    /// <inheritdoc/>
    protected override Tensor Elementwise(Tensor output, Tensor target) =>
        functional.cross_entropy(
            output,
            target,
            classWeights?.to(output.dtype, output.device),
            reduction: Reduction.None,
            label_smoothing: labelSmoothing
        );

    private static void RequireClasses(Tensor output, Tensor target)
    {
        if (
            output.dim() != target.dim() + 1
            || output.shape[0] != target.shape[0]
            || !output.shape.Skip(2).SequenceEqual(target.shape.Skip(1))
        )
        {
            throw new ArgumentException(
                $"Class logits of shape [{string.Join(", ", output.shape)}] do not fit class numbers of shape [{string.Join(", ", target.shape)}]."
            );
        }
    }
}
