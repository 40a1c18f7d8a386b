namespace Plait.Tasks;

/// <summary>The losses of one step, one for each task that has a target in it.</summary>
/// <remarks>
/// <see cref="Values"/> is cut off the network: a weighting builds its objective on it, and the objective's derivative by each
/// loss is that task's weight. So any differentiable objective is a weighting, and the network is gone through backwards once.
/// </remarks>
public sealed class TaskLosses
{
    private readonly Tensor[] scalars;
    private double[]? numbers;

    /// <summary>Wraps losses.</summary>
    /// <param name="tasks">The tasks, in the order of the losses.</param>
    /// <param name="losses">One scalar a task, tied to the network.</param>
    /// <exception cref="ArgumentException">There is not one scalar a task.</exception>
    public TaskLosses(TaskSelection tasks, params IEnumerable<Tensor> losses)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        scalars = [.. losses];
        if (scalars.Length != tasks.Count || scalars.Length == 0)
        {
            throw new ArgumentException(
                $"{tasks.Count} tasks need as many losses, at least one; got {scalars.Length}.",
                nameof(losses)
            );
        }

        if (Array.Find(scalars, loss => loss.numel() != 1) is { } vector)
        {
            throw new ArgumentException(
                $"A loss is one number; got a tensor of shape {TargetShapes.Text(vector.shape)}.",
                nameof(losses)
            );
        }

        Tasks = tasks;
        using var noGrad = torch.no_grad();
        Values = torch.stack([.. scalars.Select(loss => loss.dim() == 0 ? loss : loss.reshape())]).requires_grad_();
    }

    /// <summary>Losses that are known as numbers and belong to no graph.</summary>
    /// <param name="tasks">The tasks, in the order of the losses.</param>
    /// <param name="losses">One a task.</param>
    /// <param name="like">A tensor of their type and on their device.</param>
    internal static TaskLosses OfNumbers(TaskSelection tasks, double[] losses, Tensor like) =>
        new(tasks, losses.Select(loss => torch.tensor(loss, dtype: like.dtype, device: like.device)))
        {
            numbers = losses,
        };

    /// <summary>One loss for each task of a set.</summary>
    public static TaskLosses Of(TaskSet tasks, params IEnumerable<Tensor> losses)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        return new(tasks.All, losses);
    }

    /// <summary>The tasks that have a loss.</summary>
    public TaskSelection Tasks { get; }

    /// <summary>The number of losses.</summary>
    public int Count => scalars.Length;

    /// <summary>The losses, each a scalar tied to the network.</summary>
    public IReadOnlyList<Tensor> Scalars => scalars;

    /// <summary>The losses, [tasks], a leaf that requires a gradient.</summary>
    public Tensor Values { get; }

    /// <summary>The losses as numbers, read from the device once.</summary>
    public ReadOnlySpan<double> Numbers => numbers ??= Torch.Numbers.Read(Values);
}
