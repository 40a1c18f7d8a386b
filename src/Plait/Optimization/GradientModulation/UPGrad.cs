using Plait.Catalogue;
using Plait.Numerics;
using Plait.Tasks;

namespace Plait.Optimization.GradientModulation;

/// <summary>Projects each task's gradient onto the cone of updates that no task gets worse by, then averages the projections.</summary>
/// <remarks>
/// Quinton and Rey 2024, <i>Jacobian descent for multi-objective optimization</i>, proposition 1: the projection of
/// g_i is J'v_i, where v_i minimises v'JJ'v over v of e_i and more. The update conflicts with no task and is linear
/// in the length of each gradient.
/// </remarks>
[Method(
    "upgrad",
    Survey = "3.4",
    Paper = "Quinton and Rey 2024, Jacobian Descent for Multi-Objective Optimization",
    Arxiv = "2406.16232",
    Summary = "Projects each task gradient onto the updates that no task gets worse by, then averages the projections."
)]
[Updates(
    UpdateProperties.NonConflicting
        | UpdateProperties.Symmetric
        | UpdateProperties.Homogeneous
        | UpdateProperties.IdentityForOne
)]
public sealed class UPGrad : GramianAggregator
{
    private readonly Preference preference;
    private readonly double regularization;

    /// <summary>Sets the options.</summary>
    /// <param name="at">Where the gradients are taken: at the parameters as in the paper, or at the shared representation.</param>
    /// <param name="preference">How much each task's projection counts; equal shares, the paper's mean, unless given.</param>
    /// <param name="regularization">
    /// What is added to the diagonal of the Gramian over its trace, 0 or more; 0, the exact projections, is the paper's, and the authors'
    /// library adds 1e-4.
    /// </param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public UPGrad(
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
        ConeProjection.SolveEach(regularized.Values, shares, weights);
    }

    /// <inheritdoc/>
    /// <remarks>The largest violation of one task's projection, or the distance of the update from the projections' mean, if that is larger.</remarks>
    public override double Residual(GramianView gramian, ReadOnlySpan<double> weights)
    {
        var count = gramian.Count;
        var shares = new double[count];
        var sum = new double[count];
        var lower = new double[count];
        var projection = new double[count];
        preference.Fill(gramian.Tasks, shares);
        using var regularized = new RegularizedGramian(gramian, regularization);
        var residual = 0.0;
        for (var task = 0; task < count; task++)
        {
            lower[task] = shares[task];
            ConeProjection.Solve(regularized.Values, lower, projection);
            residual = Math.Max(residual, ConeProjection.Residual(regularized.Values, lower, projection));
            lower[task] = 0;
            for (var i = 0; i < count; i++)
            {
                sum[i] += projection[i];
            }
        }

        var (apart, total) = (0.0, 0.0);
        for (var i = 0; i < count; i++)
        {
            var norm = Math.Sqrt(regularized.Values[i * (count + 1)]);
            var product = Math.Abs(Products(regularized.Values, i, weights, sum));
            apart = norm > 0 ? Math.Max(apart, product / norm) : apart;
            total += weights[i] * norm;
        }

        return apart > 0 ? Math.Max(residual, apart / total) : residual;
    }

    /// <summary>The inner product of a gradient with the difference of two combinations, which differ by as little as their products do.</summary>
    private static double Products(
        ReadOnlySpan<double> gramian,
        int row,
        ReadOnlySpan<double> left,
        ReadOnlySpan<double> right
    )
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++)
        {
            sum += gramian[(row * left.Length) + i] * (left[i] - right[i]);
        }

        return sum;
    }
}
