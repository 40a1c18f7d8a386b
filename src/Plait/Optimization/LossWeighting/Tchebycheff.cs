using Plait.Catalogue;
using Plait.Tasks;

namespace Plait.Optimization.LossWeighting;

/// <summary>Descends the worst of the losses, each counted from its ideal, or a smooth upper bound of it.</summary>
/// <remarks>
/// <para>Lin et al. 2024, <i>Smooth Tchebycheff Scalarization for Multi-Objective Optimization</i>, equations 3 and 6: the largest of
/// λ (L - z), or μ log Σ exp(λ (L - z) / μ), which is above it by μ log T at most. Unlike a weighted sum, it reaches every point of a
/// Pareto front, curved in or out, by some preference.</para>
/// <para>A preference's shares are multiplied by the number of tasks, so that λ is 1 for every task without one.</para>
/// </remarks>
[Method(
    "tchebycheff",
    Survey = "3.6",
    Paper = "Lin et al. 2024, Smooth Tchebycheff Scalarization for Multi-Objective Optimization",
    Arxiv = "2402.19078",
    Summary = "Descends the worst loss, or a smooth upper bound of it."
)]
public sealed class Tchebycheff : LossWeighting
{
    private readonly double mu;
    private readonly Preference preference;
    private readonly double[]? ideal;

    /// <summary>Sets the options.</summary>
    /// <param name="mu">How smooth, in the unit of the losses; 0 for the worst loss itself.</param>
    /// <param name="preference">One number of 0 or more for each task, not all 0; equal ones when null.</param>
    /// <param name="ideal">For each task a loss that cannot be undercut; 0 when null.</param>
    public Tchebycheff(double mu = 0, double[]? preference = null, double[]? ideal = null)
    {
        this.mu = OptionRange.NotNegative(mu, "mu");
        this.preference = new Preference(preference);
        this.ideal =
            ideal is null || ideal.All(double.IsFinite)
                ? ideal
                : throw new ArgumentException($"Ideal losses are finite; got {string.Join("/", ideal)}.");
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The preference or the ideal is of another number of tasks.</exception>
    public override void Begin(TaskSet tasks, Device device)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        preference.Require(tasks.Count);
        if (ideal is not null && ideal.Length != tasks.Count)
        {
            throw new ArgumentException(
                $"There are {tasks.Count} tasks ({string.Join(", ", tasks)}) and {ideal.Length} ideal losses ({string.Join("/", ideal)}); give one a task."
            );
        }
    }

    /// <inheritdoc/>
    public override Tensor Weigh(TaskLosses losses, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(losses);
        var places = losses.Tasks.Indices;
        var factors = new double[losses.Count];
        preference.Fill(places, factors);
        var shifts = new double[losses.Count];
        for (var i = 0; i < factors.Length; i++)
        {
            factors[i] *= factors.Length;
            shifts[i] = factors[i] * (ideal?[places[i]] ?? 0);
        }

        var terms = losses.WeighedBy(factors);
        terms = terms.sub(torch.tensor(shifts, dtype: terms.dtype, device: terms.device));
        return mu == 0 ? terms.max() : terms.div(mu).logsumexp(0).mul(mu);
    }
}
