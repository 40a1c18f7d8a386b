using Plait.Catalogue;
using Plait.Data;
using Plait.Numerics;
using Plait.Optimization.LossWeighting;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization.Scheduling;

/// <summary>Trains one task a step, drawn by a small network that learns by reinforcement which tasks bring the scores to their targets.</summary>
/// <remarks>
/// Sharma et al. 2018, <i>Learning to Multi-Task by Active Sampling</i>, EA4C; the meta-learner is an advantage actor-critic with an LSTM
/// (Mnih et al. 2016, <i>Asynchronous Methods for Deep Reinforcement Learning</i>). With shortfall m_t = max(1 - a_t/ta_t, 0), at
/// most 1, a step on task j is rewarded with λ m_j + (1 - λ)(1 - the mean of the l largest shortfalls): the task was far from its target, and
/// the worst tasks do well. The network reads for each task its share of all steps so far, its chance and its share of the steps in the
/// last epoch, and 1 - m_t.
/// <para>
/// The paper's episode of a game is an epoch here, since scores come once an epoch. So the chances stay for an epoch; at its end its steps
/// together are one policy gradient, with a return that looks one epoch ahead (r + γ V), not several, and goes back through the
/// LSTM by one epoch. There is one actor, Adam in place of RMSProp, and the one-hot vector of the last task has become the last epoch's
/// shares. The scores among the inputs, and all defaults, are this library's: with λ m_j alone the best chances are softmax(λ m_j /
/// entropy), those of <see cref="ActiveSampling"/> at its temperature. Before the first score a task misses all of its target.
/// </para>
/// </remarks>
[Method(
    "active-actor-critic",
    Survey = "3.3",
    Paper = "Sharma et al. 2018, Learning to Multi-Task by Active Sampling",
    Arxiv = "1702.06053",
    Summary = "One task a step, drawn by an actor-critic that learns which tasks bring scores to their targets.",
    Example = "targets=0.5/0.4/0.3"
)]
public sealed class ActiveActorCritic : SampledSchedule
{
    private readonly double lambda;
    private readonly int worst;
    private readonly ActorCriticOptions options;
    private readonly ScoreHistory history;
    private int[] tasks = []; // places of those with data; all arrays below are about these
    private long[] before = []; // steps in the epochs that are over
    private long[] drawn = []; // steps in this epoch
    private ActorCritic? learner; // from the first step on, which tells the seed

    /// <summary>Sets the targets and how the choice is learned.</summary>
    /// <param name="targets">For each task, the primary metric to reach; not 0.</param>
    /// <param name="lambda">λ, from 0 to 1: how much of a step's reward is its own task's shortfall.</param>
    /// <param name="worst">l, of how many of the worst tasks the rest of the reward is; 0 for half of the tasks that have data.</param>
    /// <param name="discount">γ, from 0 to below 1: how much the next epoch's reward counts.</param>
    /// <param name="entropy">How much the entropy of the chances counts beside the reward; finite, 0 or more.</param>
    /// <param name="learningRate">Of the actor-critic, finite and above 0.</param>
    /// <param name="width">Units of the LSTM; 1 or more.</param>
    /// <param name="window">How many of the last scores are averaged; 1 or more.</param>
    public ActiveActorCritic(
        double[] targets,
        double lambda = 0.5,
        int worst = 0,
        double discount = 0.5,
        double entropy = 0.025,
        double learningRate = 0.01,
        int width = 16,
        int window = 1
    )
    {
        history = new ScoreHistory("active-actor-critic", targets, window);
        if (!(lambda is >= 0 and <= 1))
        {
            throw new ArgumentException($"Lambda is a part from 0 to 1; got {lambda}.", nameof(lambda));
        }

        if (worst < 0 || worst > targets.Length)
        {
            throw new ArgumentException(
                $"The worst tasks that count are 1 to {targets.Length}, or 0 for half of them; got {worst}.",
                nameof(worst)
            );
        }

        if (!(discount is >= 0 and < 1))
        {
            throw new ArgumentException($"The discount is 0 or more and below 1; got {discount}.", nameof(discount));
        }

        if (width < 1)
        {
            throw new ArgumentException($"The width is a number of units from 1; got {width}.", nameof(width));
        }

        this.lambda = lambda;
        this.worst = worst;
        options = new ActorCriticOptions(
            width,
            discount,
            OptionRange.NotNegative(entropy, "weight of the entropy"),
            OptionRange.Positive(learningRate, "learning rate")
        );
    }

    /// <inheritdoc/>
    public override void Begin(DataSizes sizes)
    {
        base.Begin(sizes);
        history.Begin(sizes.Tasks);
        tasks = [.. Enumerable.Range(0, Rows.Count).Where(task => Rows[task] > 0)];
        before = new long[tasks.Length];
        drawn = new long[tasks.Length];
        learner = null;
    }

    /// <inheritdoc/>
    public override TaskSelection Next(StepContext step)
    {
        var chosen = base.Next(step);
        drawn[Array.IndexOf(tasks, chosen.Indices[0])]++;
        return chosen;
    }

    /// <inheritdoc/>
    public override void EndEpoch(EpochOutcome outcome)
    {
        history.Add(outcome);
        if (drawn.Sum() == 0)
        {
            return;
        }

        var shares = SharesOf(drawn);
        for (var i = 0; i < tasks.Length; i++)
        {
            before[i] += drawn[i];
            drawn[i] = 0;
        }

        Learner(seed: 0).Learn(shares, Rewards(), Observe(learner!.Chances, shares)); // begun by the steps of the epoch
    }

    /// <summary>What a step on each task is rewarded with, by the scores so far.</summary>
    /// <returns>From 0 to 1, for each task that has data.</returns>
    internal double[] Rewards()
    {
        double[] shortfalls = [.. tasks.Select(Shortfall)];
        var count = worst == 0 ? (tasks.Length + 1) / 2 : Math.Min(worst, tasks.Length);
        var ofAll = 1 - shortfalls.OrderDescending().Take(count).Average();
        return [.. shortfalls.Select(own => (lambda * own) + ((1 - lambda) * ofAll))];
    }

    /// <inheritdoc/>
    public override void Save(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        history.Save(state);
        state.Set("before", before);
        state.Set("drawn", drawn);
        learner?.Save(state);
    }

    /// <inheritdoc/>
    public override void Load(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        history.Load(state);
        TaskScore.RequireCount(state.Integers("before").Length, tasks.Length);
        before = state.Integers("before");
        drawn = state.Integers("drawn");
        learner = null;
        if (state.Contains("parameters"))
        {
            Learner(seed: 0).Load(state);
        }
    }

    /// <inheritdoc/>
    protected override void Weigh(StepContext step, Span<double> weights)
    {
        ArgumentNullException.ThrowIfNull(step);
        weights.Clear();
        var chances = Learner(step.Seed).Chances;
        for (var i = 0; i < tasks.Length; i++)
        {
            weights[tasks[i]] = chances[i];
        }
    }

    private ActorCritic Learner(long seed)
    {
        if (learner is null)
        {
            double[] even = [.. tasks.Select(_ => 1.0 / tasks.Length)];
            var random = Seeds.Generator(seed, 0, ChanceStreams.ScheduleLearner);
            learner = new ActorCritic(options, Observe(even, even), tasks.Length, random);
        }

        return learner;
    }

    private double[] Observe(IEnumerable<double> chances, IEnumerable<double> shares) =>
        [.. SharesOf(before), .. chances, .. shares, .. tasks.Select(task => 1 - Shortfall(task))];

    private double Shortfall(int task)
    {
        var shortfall = history.ShortfallOf(task);
        return double.IsNaN(shortfall) ? 1 : Math.Clamp(shortfall, 0, 1);
    }

    private static double[] SharesOf(long[] steps) => [.. steps.Select(own => (double)own / Math.Max(1, steps.Sum()))];
}
