using Plait.Tasks;

namespace Plait.Optimization;

/// <summary>An aggregator whose update is a weighted sum of the task gradients, with weights that depend on their inner products alone.</summary>
public abstract class GramianAggregator : GradientAggregator
{
    private readonly GradientLocation location;

    /// <summary>Says where the gradients are taken.</summary>
    /// <param name="location">At the parameters (exact), or at the shared representation (cheap).</param>
    protected GramianAggregator(GradientLocation location = GradientLocation.Parameters) => this.location = location;

    /// <inheritdoc/>
    public override GradientLocation Location => location;

    /// <summary>Computes the weights.</summary>
    /// <param name="gramian">Inner products of the task gradients; finite.</param>
    /// <param name="weights">Receives one weight a task.</param>
    /// <param name="step">Where the run stands.</param>
    protected internal abstract void Weigh(GramianView gramian, Span<double> weights, StepContext step);

    /// <summary>How far weights are from the equations that define the method, relative to the size of their terms.</summary>
    /// <remarks>0 for an exact solution, about 1e-15 in practice. It has no unit: scaling all gradients changes nothing.</remarks>
    /// <param name="gramian">Inner products of the task gradients.</param>
    /// <param name="weights">What <see cref="Weigh"/> gave for them.</param>
    /// <returns>0 or more; NaN for a method that is a procedure and not the solution of equations.</returns>
    public virtual double Residual(GramianView gramian, ReadOnlySpan<double> weights) => double.NaN;

    /// <inheritdoc/>
    public override Tensor Aggregate(TaskGradients gradients, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        Span<double> weights = gradients.Count <= 64 ? stackalloc double[gradients.Count] : new double[gradients.Count];
        Weigh(gradients.Gramian(Location), weights, step);
        var update = gradients.Combine(weights);
        if (WeighsPrivateParameters)
        {
            gradients.ScalePrivate(weights);
        }

        return update;
    }
}
