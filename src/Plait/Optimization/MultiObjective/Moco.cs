using Plait.Catalogue;
using Plait.Numerics;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization.MultiObjective;

/// <summary>Tracks each task's gradient by a running mean, and moves the tasks' weights a little towards the shortest combination of the means.</summary>
/// <remarks>
/// <para>Fernando et al. 2023, <i>Mitigating Gradient Bias in Multi-objective Learning: A Provably Convergent Approach</i>, algorithm 1:
/// y_t moves by β_k towards its task's gradient, λ is projected on the simplex after λ - γ_k (Y Y' + ρ) λ, and the update is Y' λ. Step k
/// has β_k = β / k^σ and γ_k likewise. The authors' code takes the softmax for the projection, and tracks unit gradients times
/// the losses; both can be chosen.</para>
/// <para>The means are as large as the task gradients, T x P numbers, and part of a checkpoint. A step of some tasks moves and uses
/// theirs alone.</para>
/// </remarks>
[Method(
    "moco",
    Survey = "3.6",
    Paper = "Fernando et al. 2023, Mitigating Gradient Bias in Multi-objective Learning: A Provably Convergent Approach",
    Arxiv = "2210.12624",
    Summary = "Tracks task gradients by running means and moves the weights towards their shortest combination."
)]
[Updates(UpdateProperties.Symmetric)]
public sealed class Moco : GradientAggregator
{
    private readonly double beta;
    private readonly double betaSigma;
    private readonly double gamma;
    private readonly double gammaSigma;
    private readonly double rho;
    private readonly SimplexMapping projection;
    private readonly bool normalized;
    private readonly SimplexWeights weights = new();
    private Tensor? means; // [tasks of the set, shared parameters]
    private long steps;

    /// <summary>Sets the options.</summary>
    /// <param name="beta">How far a mean moves in the first step, from 0 to 1; 0.5 in the authors' code.</param>
    /// <param name="betaSigma">The power of the step by which that falls, 0 or more; 0.5 in the authors' code.</param>
    /// <param name="gamma">The step size of the weights in the first step, 0 or more; 0.1 in the authors' code.</param>
    /// <param name="gammaSigma">The power of the step by which that falls, 0 or more; 0.5 in the authors' code.</param>
    /// <param name="rho">The pull towards equal weights, 0 or more; 0 in the authors' code.</param>
    /// <param name="projection">How weights come back to the simplex: the projection of the paper, or the softmax of the authors' code.</param>
    /// <param name="normalized">Whether unit gradients times the losses are tracked, as in the authors' code, or gradients, as in the paper.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public Moco(
        double beta = 0.5,
        double betaSigma = 0.5,
        double gamma = 0.1,
        double gammaSigma = 0.5,
        double rho = 0,
        SimplexMapping projection = SimplexMapping.Simplex,
        bool normalized = false
    )
    {
        if (beta is not (>= 0 and <= 1))
        {
            throw new ArgumentException($"beta is a share from 0 to 1; got {beta}.", nameof(beta));
        }

        this.beta = beta;
        this.betaSigma = StepSize.Require(betaSigma, nameof(betaSigma));
        this.gamma = StepSize.Require(gamma, nameof(gamma));
        this.gammaSigma = StepSize.Require(gammaSigma, nameof(gammaSigma));
        this.rho = StepSize.Require(rho, nameof(rho));
        this.projection = projection;
        this.normalized = normalized;
    }

    /// <inheritdoc/>
    public override void Begin(int tasks)
    {
        weights.Begin(tasks);
        means?.Dispose();
        means = null;
        steps = 0;
    }

    /// <inheritdoc/>
    public override Tensor Aggregate(TaskGradients gradients, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        FiniteRows.Require(gradients.Rows, gradients.Tasks);
        var measured = normalized ? Normalize(gradients) : gradients.Rows;
        steps++;
        var tracked = Track(measured, gradients.Tasks);
        var shares = weights.Take(gradients.Tasks);
        var slopes = IndependentRows.Times(InnerProducts.Of(tracked), shares);
        var size = gamma / Math.Pow(steps, gammaSigma);
        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] -= size * (slopes[i] + (rho * shares[i]));
        }

        if (projection == SimplexMapping.Simplex)
        {
            ProjectSimplex.Solve(shares);
        }
        else
        {
            Softmax(shares);
        }

        weights.Put(gradients.Tasks, shares);
        var vector = torch.tensor(shares, dtype: tracked.dtype, device: tracked.device);
        return tracked.t().mv(vector).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void Save(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        weights.Save(state);
        state.Set("steps", [steps]);
        if (means is not null)
        {
            state.Set("means", means);
        }
    }

    /// <inheritdoc/>
    public override void Load(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        weights.Load(state);
        steps = state.Integers("steps")[0];
        means?.Dispose();
        means = state.Contains("means") ? state.Tensor("means").DetachFromDisposeScope() : null;
    }

    /// <summary>Moves the means of some tasks.</summary>
    /// <returns>Them, [tasks, shared parameters].</returns>
    private Tensor Track(Tensor measured, TaskSelection tasks)
    {
        long[] shape = [tasks.Tasks.Count, measured.size(1)];
        if (means is null || !means.shape.SequenceEqual(shape))
        {
            means?.Dispose();
            means = torch.zeros(shape, measured.dtype, measured.device).DetachFromDisposeScope();
        }
        else if (!Devices.AreSame(means.device, measured.device))
        {
            means = means.to(measured.device).DetachFromDisposeScope(); // after it was loaded
        }

        var share = beta / Math.Pow(steps, betaSigma);
        if (tasks.Count == tasks.Tasks.Count)
        {
            return means.lerp_(measured, share);
        }

        var places = torch.tensor([.. tasks.Indices.ToArray().Select(task => (long)task)], device: means.device);
        var some = means.index_select(0, places).lerp_(measured, share);
        means.index_copy_(0, places, some);
        return some;
    }

    private static Tensor Normalize(TaskGradients gradients)
    {
        var gramian = gradients.Gramian();
        var factors = new double[gradients.Count];
        for (var i = 0; i < factors.Length; i++)
        {
            factors[i] = gramian[i, i] > 0 ? gradients.Losses.Numbers[i] / Math.Sqrt(gramian[i, i]) : 0;
        }

        var rows = gradients.Rows;
        return rows.mul(torch.tensor(factors, dtype: rows.dtype, device: rows.device).unsqueeze(1));
    }

    private static void Softmax(Span<double> values)
    {
        var largest = double.NegativeInfinity;
        foreach (var value in values)
        {
            largest = Math.Max(largest, value);
        }

        var sum = 0.0;
        foreach (ref var value in values)
        {
            value = Math.Exp(value - largest);
            sum += value;
        }

        foreach (ref var value in values)
        {
            value /= sum;
        }
    }
}

/// <summary>How weights that were moved come back to the simplex.</summary>
public enum SimplexMapping
{
    /// <summary>By the nearest point of it.</summary>
    Simplex,

    /// <summary>By the softmax, which keeps every weight above 0.</summary>
    Softmax,
}
