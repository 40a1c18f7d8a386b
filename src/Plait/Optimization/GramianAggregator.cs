namespace Plait.Optimization;

/// <summary>An aggregator whose update is a weighted sum of the task gradients, with weights that depend on their inner products alone.</summary>
public abstract class GramianAggregator : GradientAggregator
{
    private readonly GradientPlace place;

    /// <summary>Says where the gradients are taken.</summary>
    /// <param name="place">At the parameters (exact), or at the shared representation (cheap).</param>
    protected GramianAggregator(GradientPlace place = GradientPlace.Parameters) => this.place = place;

    /// <inheritdoc/>
    public override GradientPlace Place => place;

    /// <summary>Computes the weights.</summary>
    /// <param name="gramian">Inner products of the task gradients; finite.</param>
    /// <param name="weights">Receives one weight a task.</param>
    /// <param name="step">Where the run stands.</param>
    protected internal abstract void Weigh(GramianView gramian, Span<double> weights, StepContext step);

    /// <inheritdoc/>
    public sealed override Tensor Aggregate(TaskGradients gradients, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        Span<double> weights = gradients.Count <= 64 ? stackalloc double[gradients.Count] : new double[gradients.Count];
        Weigh(gradients.Gramian(Place), weights, step);
        return gradients.Combine(weights);
    }
}
