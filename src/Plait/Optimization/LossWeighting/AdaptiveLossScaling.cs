using Plait.Catalogue;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization.LossWeighting;

/// <summary>Weighs each loss the more the further the task's score is below that of a network of its own.</summary>
/// <remarks>
/// Jean, Firat and Johnson 2019, <i>Adaptive Scheduling for Multi-Task Learning</i>, the implicit schedule: gradients are scaled by what
/// would else be the chance of being drawn, so that all tasks take part in every step. The scales are those of the schedule
/// <c>adaptive</c>, with mean 1 over the tasks of the run.
/// </remarks>
[Method(
    "adaptive",
    Survey = "3.3",
    Paper = "Jean, Firat and Johnson 2019, Adaptive Scheduling for Multi-Task Learning",
    Arxiv = "1909.06434",
    Summary = "Weighs each loss the more the further the task's score is below a baseline.",
    Example = "baselines=0.5/0.4/0.3"
)]
public sealed class AdaptiveLossScaling : LossWeighting
{
    private readonly BaselineLaw law;

    /// <summary>Sets the baselines.</summary>
    /// <param name="baselines">For each task, the primary metric that a network of its own reaches; above 0.</param>
    /// <param name="power">α, 0 or more; the higher, the more weak tasks count.</param>
    /// <param name="floor">ε, above 0; a task at zero counts (1 + ε)/ε times as much as one at its baseline.</param>
    public AdaptiveLossScaling(double[] baselines, double power = 5, double floor = 0.05) =>
        law = new BaselineLaw("adaptive", baselines, power, floor);

    /// <inheritdoc/>
    public override void Begin(TaskSet tasks, Device device)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        law.Begin(tasks);
    }

    /// <inheritdoc/>
    public override Tensor Weigh(TaskLosses losses, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(losses);
        var all = losses.Tasks.Tasks;
        var mean = Enumerable.Range(0, all.Count).Average(law.WeightOf);
        double[] weights = [.. losses.Tasks.Indices.ToArray().Select(task => law.WeightOf(task) / mean)];
        return losses.WeighedBy(weights);
    }

    /// <inheritdoc/>
    public override void EndEpoch(EpochOutcome outcome) => law.History.Add(outcome);

    /// <inheritdoc/>
    public override void Save(StateDictionary state) => law.History.Save(state);

    /// <inheritdoc/>
    public override void Load(StateDictionary state) => law.History.Load(state);
}
