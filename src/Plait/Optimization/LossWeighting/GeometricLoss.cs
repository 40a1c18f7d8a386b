using Plait.Catalogue;
using Plait.Tasks;

namespace Plait.Optimization.LossWeighting;

/// <summary>Descends the geometric mean of the losses, so that each task's relative progress counts alike.</summary>
/// <remarks>
/// Chennupati et al. 2019, <i>MultiNet++: Multi-Stream Feature Aggregation and Geometric Loss Strategy for Multi-Task Learning</i>,
/// equations 3 and 4: (Π L)^(1/T), times the geometric mean of the losses in focus where some are. It is computed as the
/// exponential of a mean of logarithms. The weight of a loss is the objective over T times the loss.
/// </remarks>
[Method(
    "gls",
    Survey = "3.1",
    Paper = "Chennupati et al. 2019, MultiNet++: Multi-Stream Feature Aggregation and Geometric Loss Strategy for Multi-Task Learning",
    Arxiv = "1904.08492",
    Summary = "Descends the geometric mean of the losses."
)]
public sealed class GeometricLoss : LossWeighting
{
    private const string Focus = "tasks in focus";

    private readonly TaskReference[]? inFocus;
    private int[] focus = [];

    /// <summary>Sets the focus.</summary>
    /// <param name="focus">Tasks, by name or by place from 0, whose geometric mean the objective is multiplied by once more; none when null.</param>
    public GeometricLoss(TaskReference[]? focus = null) => inFocus = OptionRange.Tasks(focus, Focus);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A task in focus is not there.</exception>
    public override void Begin(TaskSet tasks, Device device)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        focus = OptionRange.Places(inFocus, tasks, Focus) ?? [];
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A loss is below 0.</exception>
    public override Tensor Weigh(TaskLosses losses, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(losses);
        int[] places = [.. losses.Tasks.Indices];
        var focused = places.Count(focus.Contains);
        double[] shares = // of each logarithm in the exponent
        [.. places.Select(task => (1.0 / places.Length) + (focus.Contains(task) ? 1.0 / focused : 0))];
        var logarithms = losses.Logarithms();
        return logarithms.mul(torch.tensor(shares, dtype: logarithms.dtype, device: logarithms.device)).sum().exp();
    }
}
