using Plait.Catalogue;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization.LossWeighting;

/// <summary>After a warm-up, descends a smooth maximum of how far each loss is from where the warm-up left it.</summary>
/// <remarks>
/// Lin et al. 2024, <i>Smooth Tchebycheff Scalarization for Multi-Objective Optimization</i>, as its section 4 trains deep networks:
/// for some epochs Σ log L; then T μ log Σ exp(log(L / n) / μ), n the mean training loss of the last of those epochs. A task
/// without such a mean takes the first loss it has. <see cref="Tchebycheff"/> is the method without logarithms and warm-up.
/// </remarks>
[Method(
    "stch",
    Survey = "3.6",
    Paper = "Lin et al. 2024, Smooth Tchebycheff Scalarization for Multi-Objective Optimization",
    Arxiv = "2402.19078",
    Summary = "Descends a smooth maximum of the losses relative to where a warm-up left them."
)]
public sealed class SmoothTchebycheff : LossWeighting
{
    private readonly double mu;
    private readonly int warmup;
    private readonly TaskNumbers references = new("references", double.NaN); // NaN until known

    /// <summary>Sets the options.</summary>
    /// <param name="mu">How smooth, above 0; the smaller, the nearer to the worst task alone. From 0.1 to 1 in the paper's experiments.</param>
    /// <param name="warmup">Epochs of warm-up, 0 or more; 4 in the paper's code.</param>
    public SmoothTchebycheff(double mu = 1, int warmup = 4)
    {
        this.mu = OptionRange.Positive(mu, "mu");
        this.warmup = (int)OptionRange.NotNegative(warmup, "warm-up");
    }

    /// <inheritdoc/>
    public override void Begin(TaskSet tasks, Device device)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        references.Begin(tasks.Count);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A loss is below 0.</exception>
    public override Tensor Weigh(TaskLosses losses, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(step);
        var chosen = references.Of(losses.Tasks);
        var logarithms = losses.Logarithms();
        if (step.Epoch < warmup || !losses.Numbers.ContainsAnyExcept(0.0))
        {
            return logarithms;
        }

        for (var i = 0; i < chosen.Length; i++)
        {
            var task = losses.Tasks.Indices[i];
            if (!(chosen[i] > 0) && losses.Numbers[i] > 0)
            {
                chosen[i] = references.Values[task] = losses.Numbers[i];
            }

            chosen[i] = losses.Numbers[i] > 0 ? Math.Log(chosen[i]) : double.PositiveInfinity; // 0 is never the worst
        }

        var distances = logarithms.sub(torch.tensor(chosen, dtype: logarithms.dtype, device: logarithms.device));
        return distances.div(mu).logsumexp(0).mul(mu * losses.Count);
    }

    /// <inheritdoc/>
    public override void EndEpoch(EpochOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        if (outcome.Epoch == warmup - 1)
        {
            outcome.TrainingLosses.ToArray().CopyTo(references.Values);
        }
    }

    /// <inheritdoc/>
    public override void Save(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        references.Save(state);
    }

    /// <inheritdoc/>
    public override void Load(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        references.Load(state);
    }
}
