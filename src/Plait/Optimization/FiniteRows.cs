using Plait.Tasks;

namespace Plait.Optimization;

/// <summary>Refuses task gradients that are not finite, for methods that look at more than their inner products.</summary>
internal static class FiniteRows
{
    /// <summary>Names the first task whose gradient by a tensor of the shared representation is not finite.</summary>
    /// <param name="ofTasks">One a task; null is zero.</param>
    /// <param name="tasks">The tasks.</param>
    /// <exception cref="NonFiniteException">There is one.</exception>
    public static void Require(Tensor?[] ofTasks, TaskSelection tasks)
    {
        using var scope = torch.NewDisposeScope();
        for (var i = 0; i < ofTasks.Length; i++)
        {
            if (ofTasks[i]?.isfinite().all().item<bool>() == false)
            {
                throw new NonFiniteException(tasks[i].Name, "gradient");
            }
        }
    }

    /// <summary>Names the first task whose gradient is not finite.</summary>
    /// <param name="rows">[tasks, ...].</param>
    /// <param name="tasks">The tasks of the rows.</param>
    /// <exception cref="NonFiniteException">There is one.</exception>
    public static void Require(Tensor rows, TaskSelection tasks)
    {
        using var scope = torch.NewDisposeScope();
        var flat = rows.flatten(1);
        if (flat.sum().isfinite().item<bool>())
        {
            return; // a sum over anything that is not finite is not finite either; one over finite numbers may overflow
        }

        var finite = flat.isfinite().all(1);
        var flags = finite.cpu().data<bool>();
        for (var i = 0; i < tasks.Count; i++)
        {
            if (!flags[i])
            {
                throw new NonFiniteException(tasks[i].Name, "gradient");
            }
        }
    }
}
