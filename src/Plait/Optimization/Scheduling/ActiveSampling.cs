using Plait.Catalogue;
using Plait.Data;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization.Scheduling;

/// <summary>Trains one task a step, the more often the further its score is from a target.</summary>
/// <remarks>
/// Sharma et al. 2018, <i>Learning to Multi-Task by Active Sampling</i>, algorithm 2 (A5C): with target ta_t and a_t the mean of the last
/// scores, the shares are softmax((ta_t - a_t) / (ta_t τ)). The paper scores episodes; here each epoch's primary metric on the
/// validation data is a score. Where less of the metric is better the sign turns. Before the first score all tasks are alike.
/// </remarks>
[Method(
    "active-sampling",
    Survey = "3.3",
    Paper = "Sharma et al. 2018, Learning to Multi-Task by Active Sampling",
    Arxiv = "1702.06053",
    Summary = "One task a step, the more often the further its score is from a target.",
    Example = "targets=0.5/0.4/0.3"
)]
public sealed class ActiveSampling : SampledSchedule
{
    private readonly double temperature;
    private readonly ScoreHistory history;

    /// <summary>Sets the targets.</summary>
    /// <param name="targets">For each task, the primary metric to reach; not 0.</param>
    /// <param name="temperature">τ, above 0; the lower, the more the furthest task is preferred. 0.05 in the paper.</param>
    /// <param name="window">How many of the last scores are averaged; 1 or more, 10 in the paper.</param>
    public ActiveSampling(double[] targets, double temperature = 0.05, int window = 10)
    {
        if (!(temperature > 0))
        {
            throw new ArgumentException($"The temperature is above 0; got {temperature}.", nameof(temperature));
        }

        this.temperature = temperature;
        history = new ScoreHistory("active-sampling", targets, window);
    }

    /// <inheritdoc/>
    public override void Begin(DataSizes sizes)
    {
        base.Begin(sizes);
        history.Begin(sizes.Tasks);
    }

    /// <inheritdoc/>
    public override void EndEpoch(EpochOutcome outcome) => history.Add(outcome);

    /// <inheritdoc/>
    public override void Save(StateDictionary state) => history.Save(state);

    /// <inheritdoc/>
    public override void Load(StateDictionary state) => history.Load(state);

    /// <inheritdoc/>
    protected override void Weigh(StepContext step, Span<double> weights)
    {
        var largest = double.NegativeInfinity;
        for (var task = 0; task < weights.Length; task++)
        {
            weights[task] = history.ShortfallOf(task) / temperature;
            if (Rows[task] > 0 && weights[task] > largest)
            {
                largest = weights[task];
            }
        }

        for (var task = 0; task < weights.Length; task++)
        {
            // A task without a score is as likely as the furthest.
            weights[task] = double.IsNaN(weights[task]) || Rows[task] == 0 ? 1 : Math.Exp(weights[task] - largest);
        }
    }
}
