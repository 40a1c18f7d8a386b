using Plait.Catalogue;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization.LossWeighting;

/// <summary>Gives more weight to tasks that are far from the best they can reach, so that label noise, which nobody can learn, counts for nothing.</summary>
/// <remarks>
/// <para>He et al. 2024, <i>Robust Multi-Task Learning with Excess Risks</i>, algorithm 1. The excess risk of a task is estimated by
/// gᵀ H⁻¹ g, the Hessian H by the diagonal of √(Σ g²) over all steps so far, and taken relative to the task's first; each
/// weight is multiplied by exp(η times it), and the weights scaled to a sum of T.</para>
/// <para>State is one number for each task and shared parameter: the square root of the sum of squares, kept as such so that no
/// scale of gradients overflows. A parameter whose gradients were all 0 counts 0, with no small constant added.</para>
/// </remarks>
[Method(
    "excess-mtl",
    Survey = "3.1",
    Paper = "He et al. 2024, Robust Multi-Task Learning with Excess Risks",
    Arxiv = "2402.02009",
    Summary = "Weighs each task by an estimate of how much of its loss can still be learned."
)]
public sealed class ExcessMtl : LossWeighting
{
    private const string RootsName = "roots";

    private readonly double learningRate;
    private readonly GradientLocation at;
    private readonly TaskNumbers weights = new("weights", 1);
    private readonly TaskNumbers firstRisks = new("first-risks", double.NaN); // NaN until known
    private Tensor? roots; // [tasks, numbers at the place], from the first step on
    private Device device = torch.CPU;

    /// <summary>Sets the options.</summary>
    /// <param name="learningRate">η, how fast weights move; above 0. 0.01 in the paper's code.</param>
    /// <param name="at">Where gradients are taken; the shared parameters in the paper.</param>
    public ExcessMtl(double learningRate = 0.01, GradientLocation at = GradientLocation.Parameters)
    {
        this.learningRate = OptionRange.Positive(learningRate, "learning rate");
        this.at =
            at != GradientLocation.Representation
                ? at
                : throw new ArgumentException(
                    "Gradients at the representation are those of other rows in each step, and cannot be summed over steps: choose parameters or last-shared-layer."
                );
    }

    /// <inheritdoc/>
    public override GradientLocation? ObservedLocation => at;

    /// <inheritdoc/>
    public override void Begin(TaskSet tasks, Device device)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        weights.Begin(tasks.Count);
        firstRisks.Begin(tasks.Count);
        roots?.Dispose();
        roots = null;
        this.device = device;
    }

    /// <inheritdoc/>
    public override void Observe(TaskGradients gradients, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var rows = gradients.RowsAt(at);
        FiniteRows.Require(rows, gradients.Tasks); // it would never leave the sums again
        roots ??= torch.zeros([weights.Values.Length, rows.size(1)], rows.dtype, rows.device).DetachFromDisposeScope();
        for (var i = 0; i < gradients.Count; i++)
        {
            var task = gradients.Tasks.Indices[i];
            Grow(task, Risk(rows.select(0, i), roots.select(0, task)));
        }

        var sum = 0.0;
        foreach (var weight in weights.Values)
        {
            sum += weight;
        }

        foreach (ref var weight in weights.Values)
        {
            weight *= weights.Values.Length / sum;
        }
    }

    /// <inheritdoc/>
    public override bool DependsOnLosses => false;

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
        firstRisks.Save(state);
        if (roots is not null)
        {
            state.Set(RootsName, roots);
        }
    }

    /// <inheritdoc/>
    public override void Load(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        weights.Load(state);
        firstRisks.Load(state);
        if (state.Contains(RootsName))
        {
            using var scope = torch.NewDisposeScope();
            roots?.Dispose();
            roots = state.Tensor(RootsName).to(device).DetachFromDisposeScope();
        }
    }

    /// <summary>Σ g² / √(Σ over steps of g²), which has the unit of a gradient.</summary>
    private static double Risk(Tensor gradient, Tensor roots)
    {
        using var scope = torch.NewDisposeScope();
        roots.copy_(torch.hypot(roots, gradient));
        var aboveZero = roots.clamp_min(roots.dtype == ScalarType.Float64 ? double.Epsilon : float.Epsilon);
        return gradient.div(aboveZero).mul_(gradient).sum().to(ScalarType.Float64).item<double>();
    }

    private void Grow(int task, double risk)
    {
        ref var first = ref firstRisks.Values[task];
        if (!double.IsNaN(first))
        {
            weights.Values[task] *= Math.Exp(learningRate * risk / first);
        }
        else if (risk > 0)
        {
            first = risk;
        }
    }
}
