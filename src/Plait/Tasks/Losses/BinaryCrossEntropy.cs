using static TorchSharp.torch.nn;

namespace Plait.Tasks.Losses;

/// <summary>Binary cross-entropy of logits; targets are 0 and 1, or a probability between.</summary>
/// <remarks>
/// A positive weight multiplies what positives cost, and the mean stays one over the targets. Class weights multiply both classes and the mean is
/// taken over them, as by <see cref="CrossEntropy"/>: the loss keeps its size beside those of other tasks, and does not depend on
/// which class is called 1. A probability between 0 and 1 counts as that much of a positive and the rest of a negative.
/// </remarks>
public sealed class BinaryCrossEntropy : TaskLoss
{
    private readonly ConstantVector? positiveWeight;
    private readonly (double No, double Yes)? classWeights;

    /// <summary>Sets how much a positive target counts.</summary>
    /// <param name="positiveWeight">The cost of a positive target is multiplied by it: 1 for none, negatives over positives to balance; above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The weight is not a finite number above 0.</exception>
    public BinaryCrossEntropy(double positiveWeight = 1)
    {
        if (!(positiveWeight > 0) || double.IsInfinity(positiveWeight))
        {
            throw new ArgumentOutOfRangeException(
                nameof(positiveWeight),
                positiveWeight,
                "The positive weight is a finite number above 0; the number of negatives over that of positives balances them."
            );
        }

        this.positiveWeight = positiveWeight == 1 ? null : new ConstantVector([(float)positiveWeight]);
    }

    /// <summary>Sets how much the targets of both classes count.</summary>
    /// <param name="classWeights">What a negative counts and what a positive counts, each above 0; only their ratio matters.</param>
    /// <exception cref="ArgumentException">They are not two finite numbers above 0.</exception>
    public BinaryCrossEntropy(IReadOnlyList<float> classWeights)
    {
        ArgumentNullException.ThrowIfNull(classWeights);
        if (classWeights.Count != 2 || classWeights.Any(weight => !(weight > 0) || float.IsInfinity(weight)))
        {
            throw new ArgumentException(
                $"The class weights of a yes-or-no task are two finite numbers above 0, that of no and that of yes; got {string.Join(", ", classWeights)}.",
                nameof(classWeights)
            );
        }

        this.classWeights = (classWeights[0], classWeights[1]);
    }

    /// <inheritdoc/>
    public override string Name => "binary-cross-entropy";

    /// <inheritdoc/>
    public override OutputMeaning? Trains => OutputMeaning.YesOrNo;

    /// <inheritdoc/>
    public override bool IsLogLikelihood => true;

    /// <inheritdoc/>
    /// <remarks>A positive weight counts as that of a yes.</remarks>
    public override IReadOnlyList<float>? ClassWeights =>
        classWeights is { } both ? [(float)both.No, (float)both.Yes]
        : positiveWeight is { } yes ? [1, .. yes.Values]
        : null;

    /// <inheritdoc/>
    public override Tensor Compute(Tensor output, TaskTarget target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        if (classWeights is null)
        {
            return base.Compute(output, target);
        }

        var logits = TargetShapes.Align(output, target.Values);
        var (no, yes) = Counts(MatchType(target.Values, output), target.Factors, classWeights.Value);
        var costs = functional.logsigmoid(logits).mul(yes).add(functional.logsigmoid(logits.neg()).mul(no));
        var total = no.add(yes).sum();
        return costs.sum().neg().div(total.add(total.eq(0)));
    }

    /// <inheritdoc/>
    /// <remarks>With class weights, the sum of those of the present targets, each times the target's own.</remarks>
    public override double WeightOf(TaskTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (classWeights is null)
        {
            return base.WeightOf(target);
        }

        using var scope = torch.NewDisposeScope();
        var (no, yes) = Counts(target.Values.to(ScalarType.Float64), target.Factors, classWeights.Value);
        return no.add(yes).sum().item<double>();
    }

    /// <inheritdoc/>
    public override string? FaultOf(TaskTarget target, OutputShape output)
    {
        ArgumentNullException.ThrowIfNull(target);
        return FaultOfYesOrNo(target);
    }

    /// <inheritdoc/>
    protected override Tensor Cost(Tensor output, Tensor target, Reduction reduction) =>
        functional.binary_cross_entropy_with_logits(
            output,
            target,
            reduction: reduction,
            pos_weights: positiveWeight?.Like(output)
        );

    /// <summary>What each target counts as a negative, and what as a positive.</summary>
    private static (Tensor No, Tensor Yes) Counts(Tensor values, Tensor? factors, (double No, double Yes) weights)
    {
        var yes = factors is null ? values : values.mul(factors);
        var no = factors is null ? values.neg().add(1) : factors.sub(yes);
        return (no.mul(weights.No), yes.mul(weights.Yes));
    }
}
