using static TorchSharp.torch.nn;

namespace Plait.Tasks;

/// <summary>A task's loss: the mean, over the targets that are present and by their weights, of what each output costs.</summary>
/// <remarks>
/// With all targets present and of weight 1 this is one call of a fused operation. Otherwise the costs are multiplied by
/// <see cref="TaskTarget.Factors"/>, so that a missing target adds exactly nothing to the loss and to its gradient, and divided by
/// the sum of the weights: Σ w l / Σ w.
/// </remarks>
public abstract class TaskLoss
{
    /// <summary>The loss's name, lower case.</summary>
    public abstract string Name { get; }

    /// <summary>What the outputs are that this loss trains; null where it may train any.</summary>
    public virtual OutputMeaning? Trains => null;

    /// <summary>Whether it is the mean of minus the logarithm of a probability, that of the target, and so never below 0.</summary>
    public virtual bool IsLogLikelihood => false;

    /// <summary>Whether it measures an error in the targets' unit, so that what is left of it is a noise that has a scale.</summary>
    public virtual bool MeasuresError => false;

    /// <summary>Whether it is the mean of (output - target)², so that a blend of two targets differs from a blend of two losses by a constant.</summary>
    public virtual bool IsQuadratic => false;

    /// <summary>What each class counts, in their order; null when all count 1.</summary>
    public virtual IReadOnlyList<float>? ClassWeights => null;

    /// <summary>The mean loss over the present targets.</summary>
    /// <param name="output">The network's output for this task, [rows, channels] and the axes of the layout after them.</param>
    /// <param name="target">Targets of the same rows; a channel axis of 1 may be left out.</param>
    /// <returns>A scalar; zero, with a zero gradient, when no target is present.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public virtual Tensor Compute(Tensor output, TaskTarget target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        var aligned = TargetShapes.Align(output, target.Values);
        var values = MatchType(target.Values, output);
        if (target.Factors is null && target.PresentCount > 0)
        {
            return Cost(aligned, values, Reduction.Mean);
        }

        var each = Cost(aligned, values, Reduction.None);
        return target.Factors is { } factors ? each.mul(factors).sum().div(target.Divisor) : each.sum();
    }

    /// <summary>How much some targets count in a mean over them and others: the sum of their weights, or how many are present, unless the loss weighs them too.</summary>
    /// <remarks>Batches' losses, each times this and over its sum, add up to the loss of all their rows.</remarks>
    public virtual double WeightOf(TaskTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target.WeightSum;
    }

    /// <summary>What is wrong with targets that this loss cannot learn from: one clause with the value and the remedy; null when nothing is.</summary>
    /// <remarks>Asked once, where data enters, and not in each step.</remarks>
    /// <param name="target">The targets.</param>
    /// <param name="output">The shape of one row's output.</param>
    public virtual string? FaultOf(TaskTarget target, OutputShape output)
    {
        ArgumentNullException.ThrowIfNull(target);
        return TargetFaults.FirstNotFinite(target.Values) is { } fault
            ? $"a target is {fault}, where finite numbers are learned; TaskTarget.FromRaw marks NaN as missing"
            : null;
    }

    /// <summary>What the outputs cost, differentiable, and finite for every finite pair.</summary>
    /// <param name="output">Of the target's shape.</param>
    /// <param name="target">Of a float type.</param>
    /// <param name="reduction"><see cref="Reduction.Mean"/> for a scalar, <see cref="Reduction.None"/> for one number a target.</param>
    protected abstract Tensor Cost(Tensor output, Tensor target, Reduction reduction);

    /// <summary>The fault of targets that are to be 0, 1 or a probability between, and are not.</summary>
    private protected static string? FaultOfYesOrNo(TaskTarget target) =>
        TargetFaults.FirstOutside(target, 0, 1) is { } fault
            ? $"a yes-or-no target is {fault}, where 0 means no and 1 yes, or a probability lies between; write 0 and 1, or choose a classification for more classes (TaskTarget.FromRaw marks NaN as missing)"
            : null;

    /// <summary>Integers and doubles follow the output's type, so that the loss keeps it; a half-precision output meets single targets as it is.</summary>
    private protected static Tensor MatchType(Tensor target, Tensor output)
    {
        var type = target.dtype;
        return type == ScalarType.Float32 || type == output.dtype ? target : target.to(output.dtype);
    }
}
