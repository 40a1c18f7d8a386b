using static TorchSharp.torch.nn;

namespace Plait.Tasks.Losses;

/// <summary>Cross-entropy of class logits; one class a row, or one a pixel.</summary>
/// <remarks>
/// With class weights the mean is taken over the weights of the present targets, as is usual. A target that is not marked as
/// present, or holds the ignore index, is missing. The ignore index is known to this loss alone: where metrics are to skip it too,
/// let <see cref="TaskTarget.FindMissing"/> mark it. Label smoothing: Szegedy et al. 2016, <i>Rethinking the Inception Architecture</i>, section 7.
/// </remarks>
public sealed class CrossEntropy : TaskLoss
{
    private readonly ConstantVector? classWeights;
    private readonly double labelSmoothing;
    private readonly long ignoreIndex;

    /// <summary>Sets the options.</summary>
    /// <param name="classWeights">One weight a class, 0 or more; null for equal ones.</param>
    /// <param name="labelSmoothing">From 0 (none) to below 1: the share of a target spread evenly over the classes.</param>
    /// <param name="ignoreIndex">A further class number that means "missing"; any negative one when it is below 0.</param>
    /// <exception cref="ArgumentException">A weight is negative or not finite, or all are zero.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The smoothing is outside [0, 1).</exception>
    public CrossEntropy(IReadOnlyList<float>? classWeights = null, double labelSmoothing = 0, long ignoreIndex = -100)
    {
        if (!(labelSmoothing is >= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(labelSmoothing),
                labelSmoothing,
                "Label smoothing lies from 0 to below 1."
            );
        }

        if (
            classWeights is not null
            && (classWeights.Any(weight => !(weight >= 0) || float.IsInfinity(weight)) || classWeights.All(w => w == 0))
        )
        {
            throw new ArgumentException(
                $"Class weights are finite, 0 or more, and not all 0; got {string.Join(", ", classWeights)}.",
                nameof(classWeights)
            );
        }

        this.classWeights = classWeights is null ? null : new ConstantVector(classWeights);
        this.labelSmoothing = labelSmoothing;
        this.ignoreIndex = ignoreIndex;
    }

    /// <inheritdoc/>
    public override string Name => "cross-entropy";

    /// <inheritdoc/>
    /// <param name="output">Class logits, [rows, classes] or [rows, classes, height, width].</param>
    /// <param name="target">Int64 class numbers, [rows] or [rows, height, width].</param>
    public override Tensor Compute(Tensor output, TaskTarget target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        var weights = Require(output, target.Values);
        if (
            target.Present is null
            && ignoreIndex < 0
            && classWeights is not { HasZero: true }
            && target.PresentCount > 0
        )
        {
            return Cost(output, target.Values, Reduction.Mean);
        }

        var labels = Labels(target);
        var sum = functional.cross_entropy(output, labels, weights, ignoreIndex, Reduction.Sum, labelSmoothing);
        if (weights is null && ignoreIndex < 0)
        {
            return sum.div(Math.Max(1, target.PresentCount));
        }

        var total = Total(labels, weights);
        return sum.div(total.add(total.eq(0)));
    }

    /// <inheritdoc/>
    /// <remarks>With class weights, the sum of those of the present targets; targets of the ignore index count nothing.</remarks>
    public override double WeightOf(TaskTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (classWeights is null && ignoreIndex < 0)
        {
            return base.WeightOf(target);
        }

        using var scope = torch.NewDisposeScope();
        return Total(Labels(target), classWeights?.Like(target.Values.to(ScalarType.Float32)))
            .to(ScalarType.Float64)
            .item<double>();
    }

    private Tensor Labels(TaskTarget target) =>
        target.Present is null ? target.Values : target.Values.masked_fill(target.Present.eq(0), ignoreIndex);

    /// <summary>What the mean is taken over.</summary>
    private Tensor Total(Tensor labels, Tensor? weights)
    {
        var counted = labels.ne(ignoreIndex);
        return weights is null
            ? counted.sum()
            : weights
                .index_select(0, labels.masked_fill(counted.logical_not(), 0).flatten())
                .mul(counted.flatten())
                .sum();
    }

    /// <inheritdoc/>
    protected override Tensor Cost(Tensor output, Tensor target, Reduction reduction) =>
        functional.cross_entropy(
            output,
            target,
            classWeights?.Like(output),
            reduction: reduction,
            label_smoothing: labelSmoothing
        );

    private Tensor? Require(Tensor output, Tensor target)
    {
        TargetShapes.RequireClasses(output, target);
        if (target.dtype != ScalarType.Int64)
        {
            throw new ArgumentException(
                $"Class numbers are Int64; got {target.dtype}. TaskTarget.FindMissing makes them from any integers."
            );
        }

        if (classWeights is not null && classWeights.Count != output.shape[1])
        {
            throw new ArgumentException(
                $"There are {classWeights.Count} class weights for {output.shape[1]} classes; give one a class."
            );
        }

        return classWeights?.Like(output);
    }
}
