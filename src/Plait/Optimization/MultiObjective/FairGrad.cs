using Plait.Catalogue;
using Plait.Numerics;
using Plait.Tasks;

namespace Plait.Optimization.MultiObjective;

/// <summary>Takes the update that is α-fair to the tasks: between the largest total gain and the largest smallest gain.</summary>
/// <remarks>
/// <para>Ban and Ji 2024, <i>Fair Resource Allocation in Multi-Task Learning</i>, theorem 1: with K the Gramian the weights solve
/// Kw = w^(-1/α). They are the only minimum of a convex function and found to rounding (<see cref="FairAllocation"/>), where
/// the authors run a general least-squares solver. α = 1, the authors' default, is proportional fairness and the same as Nash-MTL; α
/// towards 0 favours the total, α towards infinity the task that gains least.</para>
/// <para>At a Pareto-stationary point (a convex combination of the gradients is zero, up to rounding) all weights are 0; a task
/// whose gradient is zero takes no part. Scaling all gradients by c scales the weights by c^(-2α/(1+α)).</para>
/// </remarks>
[Method(
    "fairgrad",
    Survey = "3.6",
    Paper = "Ban and Ji 2024, Fair Resource Allocation in Multi-Task Learning",
    Arxiv = "2402.15638",
    Summary = "Takes the update whose gains are shared fairly among the tasks, as fairly as alpha says."
)]
[Updates(UpdateProperties.NonConflicting | UpdateProperties.Symmetric | UpdateProperties.ScaleInvariant)]
public sealed class FairGrad : GramianAggregator
{
    private readonly double alpha;

    /// <summary>Sets the options.</summary>
    /// <param name="at">Where the gradients are taken: at the parameters as in the paper, or at the shared representation.</param>
    /// <param name="alpha">How much fairness counts, above 0. Default of the authors' code; the paper tries 0.5, 1, 2, 5 and 10.</param>
    /// <exception cref="ArgumentException">Alpha is not above 0.</exception>
    public FairGrad(GradientLocation at = GradientLocation.Parameters, double alpha = 1)
        : base(at)
    {
        if (!(alpha > 0 && double.IsFinite(alpha)))
        {
            throw new ArgumentException($"alpha is a number above 0; got {alpha}.");
        }

        this.alpha = alpha;
    }

    /// <inheritdoc/>
    public override double Residual(GramianView gramian, ReadOnlySpan<double> weights) =>
        FairAllocation.Residual(gramian.Values, weights, alpha);

    /// <inheritdoc/>
    protected internal override void Weigh(GramianView gramian, Span<double> weights, StepContext step) =>
        FairAllocation.Solve(gramian.Values, weights, alpha, rounding: gramian.Rounding);
}
