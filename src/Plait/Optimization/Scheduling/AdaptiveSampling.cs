using Plait.Catalogue;
using Plait.Data;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization.Scheduling;

/// <summary>Trains one task a step, the more often the further its score is below that of a network of its own.</summary>
/// <remarks>
/// Jean, Firat and Johnson 2019, <i>Adaptive Scheduling for Multi-Task Learning</i>, the explicit schedule: with score S_t and baseline
/// b_t the weights are 1 / (min(1, S_t/b_t)^α + ε). Tasks as good as their baseline share evenly; ε bounds how often a task at zero
/// is drawn. Scores are the primary metrics on the validation data of the last epoch; where less is better the ratio turns round. Before
/// the first score all tasks are alike. The implicit variant, which scales losses instead, is the weighting of the same name.
/// </remarks>
[Method(
    "adaptive",
    Survey = "3.3",
    Paper = "Jean, Firat and Johnson 2019, Adaptive Scheduling for Multi-Task Learning",
    Arxiv = "1909.06434",
    Summary = "One task a step, the more often the further its score is below a baseline.",
    Example = "baselines=0.5/0.4/0.3"
)]
public sealed class AdaptiveSampling : SampledSchedule
{
    private readonly BaselineLaw law;

    /// <summary>Sets the baselines.</summary>
    /// <param name="baselines">For each task, the primary metric that a network of its own reaches; above 0.</param>
    /// <param name="power">α, 0 or more; the higher, the more often weak tasks are drawn.</param>
    /// <param name="floor">ε, above 0; a task at zero is drawn (1 + ε)/ε times as often as one at its baseline.</param>
    public AdaptiveSampling(double[] baselines, double power = 5, double floor = 0.05) =>
        law = new BaselineLaw("adaptive", baselines, power, floor);

    /// <inheritdoc/>
    public override void Begin(DataSizes sizes)
    {
        base.Begin(sizes);
        law.Begin(sizes.Tasks);
    }

    /// <inheritdoc/>
    public override void EndEpoch(EpochOutcome outcome) => law.History.Add(outcome);

    /// <inheritdoc/>
    public override void Save(StateDictionary state) => law.History.Save(state);

    /// <inheritdoc/>
    public override void Load(StateDictionary state) => law.History.Load(state);

    /// <inheritdoc/>
    protected override void Weigh(StepContext step, Span<double> weights)
    {
        for (var task = 0; task < weights.Length; task++)
        {
            weights[task] = law.WeightOf(task);
        }
    }
}
