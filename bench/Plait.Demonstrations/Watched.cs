using Plait.Optimization;
using Plait.Tasks;

namespace Plait.Demonstrations;

/// <summary>An aggregator whose task gradients somebody looks at first.</summary>
/// <param name="inner">The aggregator.</param>
/// <param name="look">Told of the gradients of each step.</param>
internal sealed class Watched(GradientAggregator inner, Action<TaskGradients> look) : GradientAggregator
{
    /// <inheritdoc/>
    public override void Begin(int tasks) => inner.Begin(tasks);

    /// <inheritdoc/>
    public override void Begin(TaskSet tasks) => inner.Begin(tasks);

    /// <inheritdoc/>
    public override Tensor Aggregate(TaskGradients gradients, StepContext step)
    {
        look(gradients);
        return inner.Aggregate(gradients, step);
    }
}
