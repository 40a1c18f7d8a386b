using Plait.Catalogue;
using Plait.Tasks;

namespace Plait.Optimization.GradientModulation;

/// <summary>Adds the task gradients with fixed weights, at the cost of one backward pass.</summary>
/// <remarks>Unlike a fixed weighting of the losses it leaves the gradients of the tasks' own parameters as they are.</remarks>
[Method(
    "constant",
    Survey = "3.4",
    Paper = "Caruana 1997, Multitask Learning",
    Summary = "Adds the task gradients with fixed weights, which the tasks' own parameters do not feel.",
    Example = "weights=0.3/0.7/1.2"
)]
[Updates(UpdateProperties.Homogeneous)]
public sealed class Constant : GradientAggregator
{
    private readonly double[] weights;

    /// <summary>Sets the weights.</summary>
    /// <param name="weights">One finite number for each task of the set, such as 0.3/0.7.</param>
    /// <exception cref="ArgumentException">There is none, or one is not finite.</exception>
    public Constant(double[] weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Length == 0 || !weights.All(double.IsFinite))
        {
            throw new ArgumentException(
                $"weights are one finite number for each task, such as 0.3/0.7; got '{string.Join("/", weights)}'."
            );
        }

        this.weights = weights;
    }

    /// <inheritdoc/>
    public override bool NeedsTaskGradients => false;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The number of tasks is another.</exception>
    public override void Begin(int tasks) => Require(tasks);

    /// <inheritdoc/>
    public override Tensor Aggregate(TaskGradients gradients, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        Require(gradients.Tasks.Tasks.Count);
        var places = gradients.Tasks.Indices;
        var ofTasks = new double[gradients.Count];
        for (var i = 0; i < ofTasks.Length; i++)
        {
            ofTasks[i] = weights[places[i]];
        }

        return gradients.Combine(ofTasks);
    }

    private void Require(int tasks)
    {
        if (weights.Length != tasks)
        {
            throw new ArgumentException(
                $"The weights name {weights.Length} tasks ({string.Join("/", weights)}), but there are {tasks}."
            );
        }
    }
}
