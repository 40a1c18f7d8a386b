using System.Runtime.InteropServices;
using static TorchSharp.torch.nn;

namespace Plait.Tasks.Losses;

/// <summary>Cross-entropy of class logits; one class a row, or one a pixel.</summary>
/// <remarks>
/// With class weights the mean is taken over the weights of the present targets, as is usual; weights of the targets themselves
/// multiply them. A target that is not marked as present, or holds the ignore index, is missing. The ignore index is known to this loss alone: where metrics are to skip it too,
/// let <see cref="TaskTarget.FromRaw"/> mark it. Label smoothing: Szegedy et al. 2016, <i>Rethinking the Inception Architecture</i>, section 7.
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
    public override OutputMeaning? Trains => OutputMeaning.Classes;

    /// <inheritdoc/>
    public override bool IsLogLikelihood => true;

    /// <inheritdoc/>
    public override IReadOnlyList<float>? ClassWeights => classWeights?.Values;

    /// <inheritdoc/>
    /// <remarks>Outputs are class logits, [rows, classes] and the axes of the layout after them; targets are Int64 class numbers, [rows], [rows, steps] or [rows, height, width].</remarks>
    public override Tensor Compute(Tensor output, TaskTarget target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        Require(output, target.Values);
        try
        {
            return Mean(output, target);
        }
        catch (ExternalException failure) when (FaultOf(target, OutputShape.Vector((int)output.size(1))) is { } fault)
        {
            throw new ArgumentException($"Cross-entropy: {fault}.", failure);
        }
    }

    /// <inheritdoc/>
    public override string? FaultOf(TaskTarget target, OutputShape output)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (target.Values.dtype != ScalarType.Int64)
        {
            return $"class numbers are Int64, and here they are {target.Values.dtype}; TaskTarget.FromRaw makes them from any integers";
        }

        return TargetFaults.FirstOutside(target, 0, output.Channels - 1, ignoreIndex) is { } fault
            ? $"a class number is {fault}, where the {output.Channels} classes are 0 to {output.Channels - 1}; give the task more classes, or mark such targets as missing (TaskTarget.FromRaw with ignoreIndex)"
            : null;
    }

    private Tensor Mean(Tensor output, TaskTarget target)
    {
        var weights = classWeights?.Like(output);
        var own = output.dtype == ScalarType.Float64 ? target.Weights?.to(ScalarType.Float64) : target.Weights;
        if (
            target.Factors is null
            && ignoreIndex < 0
            && classWeights is not { HasZero: true }
            && target.PresentCount > 0
        )
        {
            return Cost(output, target.Values, Reduction.Mean);
        }

        var labels = Labels(target);
        var sum = own is null
            ? functional.cross_entropy(output, labels, weights, ignoreIndex, Reduction.Sum, labelSmoothing)
            : functional
                .cross_entropy(output, labels, weights, ignoreIndex, Reduction.None, labelSmoothing)
                .mul(own)
                .sum();
        if (weights is null && ignoreIndex < 0)
        {
            return sum.div(target.Divisor);
        }

        var total = Total(labels, weights, own);
        return sum.div(total.add(total.eq(0)));
    }

    /// <inheritdoc/>
    /// <remarks>With class weights, the sum of those of the present targets, each times the target's own; targets of the ignore index count nothing.</remarks>
    public override double WeightOf(TaskTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (classWeights is null && ignoreIndex < 0)
        {
            return base.WeightOf(target);
        }

        using var scope = torch.NewDisposeScope();
        return Total(
                Labels(target),
                classWeights?.Like(target.Values.to(ScalarType.Float32)),
                target.Weights?.to(ScalarType.Float64)
            )
            .to(ScalarType.Float64)
            .item<double>();
    }

    private Tensor Labels(TaskTarget target) =>
        target.Present is null ? target.Values : target.Values.masked_fill(target.Present.eq(0), ignoreIndex);

    /// <summary>What the mean is taken over.</summary>
    private Tensor Total(Tensor labels, Tensor? weights, Tensor? own)
    {
        var counted = labels.ne(ignoreIndex);
        if (own is not null)
        {
            counted = counted.mul(own);
        }

        return weights is null
            ? counted.sum()
            : weights
                .index_select(0, labels.masked_fill(labels.eq(ignoreIndex), 0).flatten())
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

    private void Require(Tensor output, Tensor target)
    {
        TargetShapes.RequireClasses(output, target);
        if (target.dtype != ScalarType.Int64)
        {
            throw new ArgumentException(
                $"Class numbers are Int64; got {target.dtype}. TaskTarget.FromRaw makes them from any integers."
            );
        }

        if (classWeights is not null && classWeights.Count != output.shape[1])
        {
            throw new ArgumentException(
                $"There are {classWeights.Count} class weights for {output.shape[1]} classes; give one a class."
            );
        }
    }
}
