using Plait.Networks;

namespace Plait.Optimization.Distillation;

/// <summary>Lets a task learn from teachers beside its labels (survey section 3.5).</summary>
/// <remarks>
/// <para>Teachers answer every row of a batch, also those whose target is missing: Hinton et al. 2015, section 2, distil on rows
/// without labels as well, and it is where teachers help most. A task is taught in the steps in which at least one of its targets
/// is present, since it takes no part in the others.</para>
/// <para>A task that no teacher knows keeps its labels alone, as in Liu et al. 2019.</para>
/// </remarks>
public abstract class Distillation : AuxiliaryLoss
{
    /// <summary>Names the teachers.</summary>
    /// <param name="teachers">Left to whoever made them to dispose.</param>
    protected Distillation(Teachers teachers)
    {
        ArgumentNullException.ThrowIfNull(teachers);
        Teachers = teachers;
    }

    /// <summary>The teachers.</summary>
    protected Teachers Teachers { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A teacher knows none of the network's tasks, or gives another output for one.</exception>
    public override void Begin(MultiTaskNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        Teachers.Begin(network);
    }

    /// <inheritdoc/>
    public sealed override Tensor Add(Tensor loss, int task, ForwardResult pass)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(pass);
        var outputs = Teachers.Outputs(task, pass); // before the scope, which they outlive
        if (outputs.Count == 0)
        {
            return loss;
        }

        using var scope = torch.NewDisposeScope();
        var taught = Distil(loss, task, outputs, pass);
        return ReferenceEquals(taught, loss) ? loss : taught.MoveToOuterDisposeScope();
    }

    /// <summary>The loss of a task that has a teacher.</summary>
    /// <param name="loss">The loss so far, a scalar tied to the network.</param>
    /// <param name="task">The task's place in the set.</param>
    /// <param name="taught">What each of the task's teachers says, in the student's terms and of the shape of its output.</param>
    /// <param name="pass">The forward pass that the loss comes from.</param>
    /// <returns>A scalar tied to the network.</returns>
    protected abstract Tensor Distil(Tensor loss, int task, IReadOnlyList<Tensor> taught, ForwardResult pass);

    /// <summary>Checks an option that multiplies a term.</summary>
    /// <exception cref="ArgumentException">It is negative or not finite.</exception>
    protected static double RequireFactor(double value, string name) =>
        value >= 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentException($"'{name}' is finite and 0 or more; got {value}.", name);
}
