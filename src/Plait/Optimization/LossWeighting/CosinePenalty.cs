using Plait.Catalogue;
using Plait.Networks;
using Plait.Tasks;

namespace Plait.Optimization.LossWeighting;

/// <summary>Weighs the losses by the preference, and rewards losses that point the preference's way so that different preferences differ.</summary>
/// <remarks>
/// Ruchte and Grabocka 2021, <i>Scalable Pareto Front Approximation for Deep Multi-Objective Learning</i>, equation 7: sum of r_t L_t -
/// lambda cos(r, L). The cosine does not depend on the losses' unit and lambda does: it stands against the size of the losses. Note that it
/// asks for large losses where the sum asks for small ones; the paper lives with that, and a small lambda spreads the front enough.
/// </remarks>
[Method(
    "cosmos",
    Survey = "3.6",
    Paper = "Ruchte and Grabocka 2021, Scalable Pareto Front Approximation for Deep Multi-Objective Learning",
    Arxiv = "2103.13392",
    Summary = "Weighs the losses by the preference and rewards their cosine with it."
)]
public sealed class CosinePenalty : LossWeighting
{
    private readonly double lambda;
    private readonly Preference preference;

    /// <summary>Sets the options.</summary>
    /// <param name="lambda">How much the cosine counts; 0 or more. The paper's for two digits in an image; it has 8, 3 and 0.01 for others.</param>
    /// <param name="preference">One number of 0 or more for each task, not all 0; null follows the network.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public CosinePenalty(double lambda = 2, double[]? preference = null)
    {
        if (!(lambda >= 0 && double.IsFinite(lambda)))
        {
            throw new ArgumentException($"Lambda is a number of 0 or more; got {lambda}.", nameof(lambda));
        }

        this.lambda = lambda;
        this.preference = new Preference(preference);
    }

    /// <inheritdoc/>
    public override void Begin(TaskSet tasks, Device device)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        preference.Require(tasks.Count);
    }

    /// <inheritdoc/>
    public override void Begin(MultiTaskNetwork network) => preference.Begin(network);

    /// <inheritdoc/>
    public override Tensor Weigh(TaskLosses losses, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(losses);
        var shares = PreferenceWeights.SharesOf(preference, losses);
        var product = losses.Values.mul(shares).sum();
        if (!losses.Numbers.ContainsAnyExcept(0.0))
        {
            return product; // losses of zero point nowhere
        }

        // In units of the largest loss, so that neither square runs out of range.
        var unit = losses.Values.detach().abs().max();
        var direction = losses.Values.div(unit);
        var cosine = direction.mul(shares).sum().div(direction.square().sum().sqrt().mul(shares.square().sum().sqrt()));
        return product.sub(cosine.mul(lambda));
    }
}
