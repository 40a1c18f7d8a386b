using static TorchSharp.torch.nn;

namespace Plait.Tasks;

/// <summary>A task's loss: the mean, over the targets that are present, of what each output costs.</summary>
/// <remarks>
/// With all targets present this is one call of a fused operation. Otherwise the costs are multiplied by the marks of
/// <see cref="TaskTarget.Present"/>, so that a missing target adds exactly nothing to the loss and to its gradient.
/// </remarks>
public abstract class TaskLoss
{
    /// <summary>The loss's name, lower case.</summary>
    public abstract string Name { get; }

    /// <summary>The mean loss over the present targets.</summary>
    /// <param name="output">The network's output for this task, [rows, channels] or [rows, channels, height, width].</param>
    /// <param name="target">Targets of the same rows; a channel axis of 1 may be left out.</param>
    /// <returns>A scalar; zero, with a zero gradient, when no target is present.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public virtual Tensor Compute(Tensor output, TaskTarget target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        var aligned = TargetShapes.Align(output, target.Values);
        var values = MatchType(target.Values, output);
        if (target.Present is null && target.PresentCount > 0)
        {
            return Cost(aligned, values, Reduction.Mean);
        }

        var each = Cost(aligned, values, Reduction.None);
        return target.Present is null
            ? each.sum()
            : each.mul(target.Present).sum().div(Math.Max(1, target.PresentCount));
    }

    /// <summary>How much some targets count in a mean over them and others: how many are present, unless the loss weighs them.</summary>
    /// <remarks>Batches' losses, each times this and over its sum, add up to the loss of all their rows.</remarks>
    public virtual double WeightOf(TaskTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target.PresentCount;
    }

    /// <summary>What the outputs cost, differentiable, and finite for every finite pair.</summary>
    /// <param name="output">Of the target's shape.</param>
    /// <param name="target">Of a float type.</param>
    /// <param name="reduction"><see cref="Reduction.Mean"/> for a scalar, <see cref="Reduction.None"/> for one number a target.</param>
    protected abstract Tensor Cost(Tensor output, Tensor target, Reduction reduction);

    /// <summary>Integers and doubles follow the output's type, so that the loss keeps it; a half-precision output meets single targets as it is.</summary>
    private protected static Tensor MatchType(Tensor target, Tensor output)
    {
        var type = target.dtype;
        return type == ScalarType.Float32 || type == output.dtype ? target : target.to(output.dtype);
    }
}
