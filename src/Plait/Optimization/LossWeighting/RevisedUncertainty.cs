using Plait.Catalogue;
using Plait.Tasks;
using Plait.Torch;
using TorchSharp.Modules;

namespace Plait.Optimization.LossWeighting;

/// <summary>Uncertainty weighting whose regularizer never falls below 0.</summary>
/// <remarks>
/// Liebel and Körner 2018, <i>Auxiliary Tasks in Multi-task Learning</i>, equation 5: the term of a task is L / (2c²) + log(1 + c²)
/// with a learned c that starts at 1. For a loss that stays, c² tends to (L + √(L² + 8L)) / 4.
/// </remarks>
[Method(
    "revised-uncertainty",
    Survey = "3.1",
    Paper = "Liebel and Körner 2018, Auxiliary Tasks in Multi-task Learning",
    Arxiv = "1805.06334",
    Summary = "Learns each task's noise with a regularizer that stays positive."
)]
public sealed class RevisedUncertainty : LossWeighting
{
    private readonly TaskParameter deviations = new("deviations");

    /// <inheritdoc/>
    public override void Begin(TaskSet tasks, Device device)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        deviations.Begin(tasks.Count, 1, device);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => deviations.Parameters;

    /// <inheritdoc/>
    public override Tensor Weigh(TaskLosses losses, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(losses);
        var variance = deviations.Of(losses.Tasks).square();
        return losses.Values.div(variance.mul(2)).add(variance.log1p());
    }

    /// <inheritdoc/>
    public override void Save(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        deviations.Save(state);
    }

    /// <inheritdoc/>
    public override void Load(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        deviations.Load(state);
    }
}
