using Plait.Catalogue;
using Plait.Numerics;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization.MultiObjective;

/// <summary>Moves the tasks' weights a little towards the shortest combination each step, judged on two independent batches, and applies them to a third.</summary>
/// <remarks>
/// Chen et al. 2023, <i>Three-Way Trade-Off in Multi-Objective Learning: Optimization, Generalization and Conflict-Avoidance</i>,
/// algorithm 1 (MoDo): λ is projected on the simplex after λ - γ (J1 J2' + ρ) λ, and the update is J3' λ. Two batches make the
/// step of λ unbiased, for which one would not do. Gradients that are given as rows stand for all three.
/// </remarks>
[Method(
    "modo",
    Survey = "3.6",
    Paper = "Chen et al. 2023, Three-Way Trade-Off in Multi-Objective Learning: Optimization, Generalization and Conflict-Avoidance",
    Arxiv = "2305.20057",
    Summary = "Moves the weights towards the shortest combination, judged on two further batches a step."
)]
[Updates(UpdateProperties.Symmetric | UpdateProperties.IdentityForOne)]
public sealed class Modo : GradientAggregator
{
    private readonly double gamma;
    private readonly double rho;
    private readonly SimplexWeights weights = new();

    /// <summary>Sets the options.</summary>
    /// <param name="gamma">The step size of the weights, 0 or more; 0.001 in the authors' code.</param>
    /// <param name="rho">The pull towards equal weights, 0 or more; 0.1 in the authors' code.</param>
    /// <exception cref="ArgumentException">An option is negative or not finite.</exception>
    public Modo(double gamma = 0.001, double rho = 0.1)
    {
        this.gamma = StepSize.Require(gamma, nameof(gamma));
        this.rho = StepSize.Require(rho, nameof(rho));
    }

    /// <inheritdoc/>
    public override void Begin(int tasks) => weights.Begin(tasks);

    /// <inheritdoc/>
    public override Tensor Aggregate(TaskGradients gradients, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        var shares = weights.Take(gradients.Tasks);
        var slopes = IndependentRows.Times(IndependentRows.InnerProducts(gradients), shares);
        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] -= gamma * (slopes[i] + (rho * shares[i]));
        }

        ProjectSimplex.Solve(shares);
        weights.Put(gradients.Tasks, shares);
        return gradients.Combine(shares);
    }

    /// <inheritdoc/>
    public override void Save(StateDictionary state) => weights.Save(state);

    /// <inheritdoc/>
    public override void Load(StateDictionary state) => weights.Load(state);
}
