using Plait.Catalogue;
using Plait.Data;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization.Scheduling;

/// <summary>Trains one task a step as a bandit pulls arms: the one whose distance from its target may be the largest.</summary>
/// <remarks>
/// Sharma et al. 2018, <i>Learning to Multi-Task by Active Sampling</i>, algorithm 3 (UA4C), with the discounted upper confidence bound of
/// Garivier and Moulines 2011: an arm's reward is max(1 - a_t/ta_t, 0), at most 1, its bound the discounted mean reward plus exploration
/// √(log n / n_t) over discounted counts. Scores are the primary metrics of epochs, as in <see cref="ActiveSampling"/>; a task without a
/// score yet pays the full reward.
/// </remarks>
[Method(
    "active-bandit",
    Survey = "3.3",
    Paper = "Sharma et al. 2018, Learning to Multi-Task by Active Sampling",
    Arxiv = "1702.06053",
    Summary = "One task a step, chosen by an upper confidence bound on its distance from a target.",
    Example = "targets=0.5/0.4/0.3"
)]
public sealed class ActiveBandit : OneTaskSchedule
{
    private readonly double discount;
    private readonly double exploration;
    private readonly ScoreHistory history;
    private double[] counts = []; // discounted
    private double[] rewards = []; // discounted sums

    /// <summary>Sets the targets.</summary>
    /// <param name="targets">For each task, the primary metric to reach; not 0.</param>
    /// <param name="discount">How much of the past each step keeps, above 0 and at most 1.</param>
    /// <param name="exploration">How much an uncertain reward counts; 0 or more.</param>
    /// <param name="window">How many of the last scores are averaged; 1 or more.</param>
    public ActiveBandit(double[] targets, double discount = 0.99, double exploration = 1, int window = 1)
    {
        if (!(discount > 0 && discount <= 1))
        {
            throw new ArgumentException($"The discount is above 0 and at most 1; got {discount}.", nameof(discount));
        }

        if (!(exploration >= 0 && double.IsFinite(exploration)))
        {
            throw new ArgumentException(
                $"The exploration is finite and 0 or more; got {exploration}.",
                nameof(exploration)
            );
        }

        this.discount = discount;
        this.exploration = exploration;
        history = new ScoreHistory("active-bandit", targets, window);
    }

    /// <inheritdoc/>
    public override void Begin(DataSizes sizes)
    {
        base.Begin(sizes);
        history.Begin(sizes.Tasks);
        counts = new double[Rows.Count];
        rewards = new double[Rows.Count];
    }

    /// <inheritdoc/>
    public override void EndEpoch(EpochOutcome outcome) => history.Add(outcome);

    /// <inheritdoc/>
    public override void Save(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        history.Save(state);
        state.Set("counts", counts);
        state.Set("rewards", rewards);
    }

    /// <inheritdoc/>
    public override void Load(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        history.Load(state);
        counts = state.Numbers("counts");
        rewards = state.Numbers("rewards");
    }

    /// <inheritdoc/>
    protected override int Choose(StepContext step)
    {
        var logarithm = Math.Log(Math.Max(1, counts.Sum()));
        var chosen = -1;
        var highest = double.NegativeInfinity;
        for (var task = 0; task < counts.Length; task++)
        {
            var bound =
                counts[task] == 0
                    ? double.PositiveInfinity
                    : (rewards[task] / counts[task]) + (exploration * Math.Sqrt(logarithm / counts[task]));
            if (Rows[task] > 0 && (chosen < 0 || bound > highest))
            {
                (chosen, highest) = (task, bound);
            }
        }

        Pull(chosen);
        return chosen;
    }

    private void Pull(int chosen)
    {
        for (var task = 0; task < counts.Length; task++)
        {
            counts[task] *= discount;
            rewards[task] *= discount;
        }

        var shortfall = history.ShortfallOf(chosen);
        counts[chosen]++;
        rewards[chosen] += double.IsNaN(shortfall) ? 1 : Math.Clamp(shortfall, 0, 1);
    }
}
