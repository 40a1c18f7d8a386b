using Plait.Catalogue;
using Plait.Tasks;

namespace Plait.Optimization.LossWeighting;

/// <summary>Weights that somebody chose, the same in every step.</summary>
/// <remarks>
/// Linear scalarization. Xin et al. 2022, <i>Do Current Multi-Task Optimization Methods in Deep Learning Even Help?</i>, find that a
/// grid over such weights reaches what most methods do.
/// </remarks>
[Method(
    "fixed",
    Survey = "3.1",
    Paper = "Caruana 1997, Multitask Learning",
    Summary = "Weighs each loss by a number that is given.",
    Example = "weights=0.3/0.7/1.2"
)]
public sealed class Fixed : LossWeighting
{
    private readonly double[] weights;

    /// <summary>Sets the weights.</summary>
    /// <param name="weights">One for each task of the set, in its order; finite, 0 or more, not all 0.</param>
    public Fixed(double[] weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Any(weight => !double.IsFinite(weight) || weight < 0) || weights.Sum() == 0)
        {
            throw new ArgumentException(
                $"Weights are finite, 0 or more, and not all 0; got {string.Join("/", weights)}.",
                nameof(weights)
            );
        }

        this.weights = [.. weights];
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There is not one weight a task.</exception>
    public override void Begin(TaskSet tasks, Device device)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        if (tasks.Count != weights.Length)
        {
            throw new ArgumentException(
                $"There are {tasks.Count} tasks ({string.Join(", ", tasks)}) and {weights.Length} weights ({string.Join("/", weights)}); give one a task."
            );
        }
    }

    /// <inheritdoc/>
    public override bool DependsOnLosses => false;

    /// <inheritdoc/>
    public override Tensor Weigh(TaskLosses losses, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(losses);
        Begin(losses.Tasks.Tasks, losses.Values.device);
        return losses.WeighedBy([.. losses.Tasks.Indices.ToArray().Select(task => weights[task])]);
    }
}
