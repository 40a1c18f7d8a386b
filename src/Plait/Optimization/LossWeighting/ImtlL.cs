using Plait.Catalogue;
using Plait.Tasks;
using Plait.Torch;
using TorchSharp.Modules;

namespace Plait.Optimization.LossWeighting;

/// <summary>Learns for each task a scale under which all losses are alike.</summary>
/// <remarks>
/// Liu et al. 2021, <i>Towards Impartial Multi-task Learning</i>, equation 8: the term of a task is e^s L - s with a learned s that
/// starts at 0. Its minimum is s = -log L, where every scaled loss is 1. With the aggregator IMTL-G it is the whole of IMTL.
/// </remarks>
[Method(
    "imtl-l",
    Survey = "3.1",
    Paper = "Liu et al. 2021, Towards Impartial Multi-task Learning",
    Summary = "Learns scales under which all losses are alike."
)]
public sealed class ImtlL : LossWeighting
{
    private readonly TaskParameter logScales = new("log-scales");

    /// <inheritdoc/>
    public override void Begin(TaskSet tasks, Device device)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        logScales.Begin(tasks.Count, 0, device);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => logScales.Parameters;

    /// <inheritdoc/>
    public override Tensor Weigh(TaskLosses losses, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(losses);
        var s = logScales.Of(losses.Tasks);
        return s.exp().mul(losses.Values).sub(s);
    }

    /// <inheritdoc/>
    public override void Save(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        logScales.Save(state);
    }

    /// <inheritdoc/>
    public override void Load(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        logScales.Load(state);
    }
}
