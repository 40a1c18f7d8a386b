using Plait.Catalogue;
using Plait.Numerics;
using Plait.Tasks;

namespace Plait.Optimization.MultiObjective;

/// <summary>Takes, near the mean gradient, the update by which the task that gains least gains most.</summary>
/// <remarks>
/// Liu et al. 2021, <i>Conflict-averse gradient descent for multi-task learning</i>, algorithm 1: d maximises the smallest g_i·d over
/// the ball |d - g_0| of c|g_0| or less around the mean gradient g_0. Where a convex combination of the gradients is 0 (a
/// Pareto-stationary point) many d do; of these the one next to g_0 is taken, so that the mean loss goes on falling as the
/// paper's theorem for c below 1 promises.
/// </remarks>
[Method(
    "cagrad",
    Survey = "3.6",
    Paper = "Liu et al. 2021, Conflict-Averse Gradient Descent for Multi-task Learning",
    Arxiv = "2110.14048",
    Summary = "Takes, in a ball around the mean gradient, the update by which the worst-off task gains most."
)]
[Updates(UpdateProperties.Symmetric | UpdateProperties.Homogeneous)]
public sealed class CAGrad : GramianAggregator
{
    private readonly double c;
    private readonly double divisor;

    /// <summary>Sets the options.</summary>
    /// <param name="c">
    /// The ball's radius over the mean gradient's norm, 0 or more; the paper's toy problem has 0.5. At 0 the update is the mean
    /// gradient, for large numbers its direction is that of MGDA.
    /// </param>
    /// <param name="rescale">
    /// What the update is divided by: 0 nothing, as in algorithm 1; 1 is 1 + c², the default of the authors' code; 2 is 1 + c.
    /// </param>
    /// <param name="at">Where the gradients are taken: at the parameters as in the paper, or at the shared representation.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public CAGrad(double c = 0.5, int rescale = 0, GradientLocation at = GradientLocation.Parameters)
        : base(at)
    {
        if (!double.IsFinite(c) || c < 0)
        {
            throw new ArgumentException($"c is a finite number of 0 or more; got {c}.", nameof(c));
        }

        this.c = c;
        divisor = rescale switch
        {
            0 => 1,
            1 => 1 + (c * c),
            2 => 1 + c,
            _ => throw new ArgumentException(
                $"rescale is 0 (not at all), 1 (by 1 + c²) or 2 (by 1 + c); got {rescale}.",
                nameof(rescale)
            ),
        };
    }

    /// <inheritdoc/>
    protected internal override void Weigh(GramianView gramian, Span<double> weights, StepContext step)
    {
        Span<double> mean = gramian.Count <= 64 ? stackalloc double[gramian.Count] : new double[gramian.Count];
        mean.Fill(1.0 / gramian.Count);
        MaximinInBall.Solve(gramian.Values, mean, c, weights);
        foreach (ref var weight in weights)
        {
            weight /= divisor;
        }
    }

    /// <inheritdoc/>
    public override double Residual(GramianView gramian, ReadOnlySpan<double> weights)
    {
        var mean = new double[gramian.Count];
        Array.Fill(mean, 1.0 / gramian.Count);
        double[] unscaled = [.. weights];
        foreach (ref var weight in unscaled.AsSpan())
        {
            weight *= divisor;
        }

        return MaximinInBall.Residual(gramian.Values, mean, c, unscaled);
    }
}
