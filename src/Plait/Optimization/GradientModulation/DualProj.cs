using Plait.Catalogue;
using Plait.Numerics;
using Plait.Tasks;

namespace Plait.Optimization.GradientModulation;

/// <summary>Projects the mean of the task gradients onto the cone of updates that no task gets worse by.</summary>
/// <remarks>
/// Lopez-Paz and Ranzato 2017, <i>Gradient episodic memory for continual learning</i>, equation 11, with every task as a constraint;
/// under this name in Quinton and Rey 2024, section 2.3: J'v, where v minimises v'JJ'v over v of 1/T and more.
/// </remarks>
[Method(
    "dualproj",
    Survey = "3.4",
    Paper = "Lopez-Paz and Ranzato 2017, Gradient Episodic Memory for Continual Learning",
    Arxiv = "1706.08840",
    Summary = "Projects the mean task gradient onto the updates that no task gets worse by."
)]
[Updates(
    UpdateProperties.NonConflicting
        | UpdateProperties.Symmetric
        | UpdateProperties.Homogeneous
        | UpdateProperties.IdentityForOne
)]
public sealed class DualProj : GramianAggregator
{
    private readonly Preference preference;
    private readonly double regularization;

    /// <summary>Sets the options.</summary>
    /// <param name="at">Where the gradients are taken: at the parameters, or at the shared representation.</param>
    /// <param name="preference">How much each task counts in the mean; equal shares unless given.</param>
    /// <param name="regularization">
    /// What is added to the diagonal of the Gramian over its trace, 0 or more; 0 is the exact projection.
    /// </param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public DualProj(
        GradientLocation at = GradientLocation.Parameters,
        double[]? preference = null,
        double regularization = 0
    )
        : base(at)
    {
        this.preference = new(preference);
        this.regularization = RegularizedGramian.Require(regularization);
    }

    /// <inheritdoc/>
    public override void Begin(int tasks) => preference.Require(tasks);

    /// <inheritdoc/>
    protected internal override void Weigh(GramianView gramian, Span<double> weights, StepContext step)
    {
        var count = gramian.Count;
        Span<double> shares = count <= 64 ? stackalloc double[count] : new double[count];
        preference.Fill(gramian.Tasks, shares);
        using var regularized = new RegularizedGramian(gramian, regularization);
        ConeProjection.Solve(regularized.Values, shares, weights);
    }

    /// <inheritdoc/>
    public override double Residual(GramianView gramian, ReadOnlySpan<double> weights)
    {
        var shares = new double[gramian.Count];
        preference.Fill(gramian.Tasks, shares);
        using var regularized = new RegularizedGramian(gramian, regularization);
        return ConeProjection.Residual(regularized.Values, shares, weights);
    }
}
