using Plait.Catalogue;
using Plait.Optimization.Bilevel;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization.LossWeighting;

/// <summary>Learns the weights that do the primary tasks the most good on another batch after the step.</summary>
/// <remarks>
/// Liu et al. 2022, <i>Auto-Lambda: Disentangling Dynamic Task Relationships</i>, equations 2 to 6: the weights λ descend the primary
/// tasks' loss at θ - α (velocity + ∇Σ λ L + weight decay θ) on an independent batch, by Adam. The derivative by λ_t is that of L_t
/// along the primary tasks' gradient, from two more looks at the losses (<see cref="HyperGradient"/>). Auxiliary tasks are learned
/// as far as they help. As in the paper's code, weights may fall below 0 unless they are clipped there.
/// </remarks>
[Method(
    "auto-lambda",
    Survey = "3.1",
    Paper = "Liu et al. 2022, Auto-Lambda: Disentangling Dynamic Task Relationships",
    Arxiv = "2202.03091",
    Summary = "Learns the weights that help the primary tasks most on other batches."
)]
public sealed class AutoLambda : LossWeighting, IBilevelOptimizer
{
    private const string Primary = "primary tasks";

    private readonly TaskReference[]? primaryTasks;
    private int[]? primary;
    private readonly bool clip;
    private readonly TaskNumbers weights;
    private readonly TaskAdam adam;

    /// <summary>Sets the options.</summary>
    /// <param name="primary">The tasks that count, by name or by place from 0; all when null.</param>
    /// <param name="learningRate">Of the weights; above 0. 1e-4 for NYUv2 in the paper.</param>
    /// <param name="initial">Every weight at the start; above 0. 0.1 in the paper.</param>
    /// <param name="clip">Whether weights stop at 0.</param>
    public AutoLambda(
        TaskReference[]? primary = null,
        double learningRate = 1e-4,
        double initial = 0.1,
        bool clip = false
    )
    {
        primaryTasks = OptionRange.Tasks(primary is [] ? null : primary, Primary);
        adam = new TaskAdam(OptionRange.Positive(learningRate, "learning rate"));
        weights = new TaskNumbers("weights", OptionRange.Positive(initial, "initial weight"));
        this.clip = clip;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A primary task is not there.</exception>
    public override void Begin(TaskSet tasks, Device device)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        primary = OptionRange.Places(primaryTasks, tasks, Primary);
        weights.Begin(tasks.Count);
        adam.Begin(tasks.Count);
    }

    /// <inheritdoc/>
    /// <remarks>A batch without a primary task, or with a loss that is not finite, teaches nothing.</remarks>
    public void Improve(InnerProblem lower, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(lower);
        using var scope = torch.NewDisposeScope();
        var other = lower.Another();
        var tasks = lower.Objective.Tasks;
        var judges = other.Tasks.Where(task => primary is null || primary.Contains(task));
        if (tasks.Count == 0 || judges.Count == 0)
        {
            return;
        }

        var chosen = weights.Of(tasks);
        var slopes = HyperGradient
            .Of(lower)
            .ByNumbers(
                () => Weighed(lower.Losses(lower.Objective), chosen),
                () => OfPrimary(lower.Losses(other), judges),
                () => lower.Losses(lower.Objective).Numbers.ToArray()
            );
        if (!slopes.All(double.IsFinite))
        {
            return;
        }

        adam.Step(tasks.Indices, slopes, weights.Values);
        foreach (ref var weight in weights.Values)
        {
            weight = clip ? Math.Max(0, weight) : weight;
        }
    }

    /// <inheritdoc/>
    public override Tensor Weigh(TaskLosses losses, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(losses);
        return losses.WeighedBy(weights.Of(losses.Tasks));
    }

    /// <inheritdoc/>
    public override void Save(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        weights.Save(state);
        adam.Save(state);
    }

    /// <inheritdoc/>
    public override void Load(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        weights.Load(state);
        adam.Load(state);
    }

    private static Tensor Weighed(TaskLosses losses, double[] chosen) =>
        torch.stack(losses.Scalars.Select((loss, i) => loss.reshape().mul(chosen[i]))).sum();

    private static Tensor OfPrimary(TaskLosses losses, TaskSelection judges) =>
        torch
            .stack(
                losses.Scalars.Where((_, i) => judges.Contains(losses.Tasks.Indices[i])).Select(loss => loss.reshape())
            )
            .sum();
}
