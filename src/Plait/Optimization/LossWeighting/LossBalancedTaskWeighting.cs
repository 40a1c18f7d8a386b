using Plait.Catalogue;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization.LossWeighting;

/// <summary>Gives less weight to a task the further its loss has fallen since the epoch's first batch.</summary>
/// <remarks>
/// Liu, Liang and Gitter 2019, <i>Loss-Balanced Task Weighting to Reduce Negative Transfer in Multi-Task Learning</i>, algorithm 1:
/// the weight is (loss / loss of the task's first batch of this epoch)^α, without a derivative of its own. A task whose first
/// loss was 0 weighs 1.
/// </remarks>
[Method(
    "lbtw",
    Survey = "3.1",
    Paper = "Liu, Liang and Gitter 2019, Loss-Balanced Task Weighting to Reduce Negative Transfer in Multi-Task Learning",
    Summary = "Weighs each loss by how much of it is left since the epoch began."
)]
public sealed class LossBalancedTaskWeighting : LossWeighting
{
    private readonly double alpha;
    private readonly TaskNumbers firstLosses = new("first-losses", double.NaN); // NaN until the epoch has one
    private int epoch;

    /// <summary>Sets the exponent.</summary>
    /// <param name="alpha">0 or more; 0 weighs every task 1. 0.5 in the paper.</param>
    public LossBalancedTaskWeighting(double alpha = 0.5) => this.alpha = OptionRange.NotNegative(alpha, "alpha");

    /// <inheritdoc/>
    public override void Begin(TaskSet tasks, Device device)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        epoch = 0;
        firstLosses.Begin(tasks.Count);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A loss is below 0.</exception>
    public override Tensor Weigh(TaskLosses losses, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(step);
        losses.RequireNotNegative("takes ratios of losses");
        if (step.Epoch != epoch)
        {
            firstLosses.Values.Fill(double.NaN);
            epoch = step.Epoch;
        }

        var chosen = firstLosses.Of(losses.Tasks);
        for (var i = 0; i < chosen.Length; i++)
        {
            if (double.IsNaN(chosen[i]))
            {
                chosen[i] = firstLosses.Values[losses.Tasks.Indices[i]] = losses.Numbers[i];
            }

            chosen[i] = chosen[i] == 0 ? 1 : Math.Pow(losses.Numbers[i] / chosen[i], alpha);
        }

        return losses.WeighedBy(chosen);
    }

    /// <inheritdoc/>
    public override void Save(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Set("epoch", [(long)epoch]);
        firstLosses.Save(state);
    }

    /// <inheritdoc/>
    public override void Load(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        epoch = (int)state.Integers("epoch")[0];
        firstLosses.Load(state);
    }
}
