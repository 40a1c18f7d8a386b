namespace Plait.Tasks;

/// <summary>A task's loss: the mean, over the targets that are present, of what each output costs.</summary>
public abstract class TaskLoss
{
    /// <summary>The loss's name, lower case.</summary>
    public abstract string Name { get; }

    /// <summary>The mean loss over the present targets.</summary>
    /// <param name="output">The network's output for this task, [rows, channels] or [rows, channels, height, width].</param>
    /// <param name="target">Targets of the same rows.</param>
    /// <returns>A scalar; zero, with a zero gradient, when no target is present.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public virtual Tensor Compute(Tensor output, TaskTarget target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        var aligned = Align(output, target.Values);
        var each = Elementwise(aligned, target.Values);
        return target.Present is null
            ? each.mean()
            : each.mul(target.Present).sum().div(Math.Max(1, target.PresentCount));
    }

    /// <summary>What each output costs; of the targets' shape, differentiable, finite for every finite pair.</summary>
    protected abstract Tensor Elementwise(Tensor output, Tensor target);

    /// <summary>Drops the channel axis of a one-channel output whose targets have none: [rows, 1] meets [rows].</summary>
    protected static Tensor Align(Tensor output, Tensor target)
    {
        if (output.dim() == target.dim() + 1 && output.shape[1] == 1)
        {
            output = output.squeeze(1);
        }

        if (!output.shape.SequenceEqual(target.shape))
        {
            throw new ArgumentException(
                $"Outputs of shape [{string.Join(", ", output.shape)}] do not fit targets of shape [{string.Join(", ", target.shape)}]."
            );
        }

        return output;
    }
}
