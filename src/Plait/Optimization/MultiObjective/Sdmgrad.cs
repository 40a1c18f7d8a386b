using System.Buffers;
using Plait.Catalogue;
using Plait.Numerics;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization.MultiObjective;

/// <summary>Takes the combination of the task gradients that is shortest together with a share of their mean, which keeps the update near it.</summary>
/// <remarks>
/// <para>Xiao, Ban and Ji 2023, <i>Direction-oriented Multi-objective Learning: Simple and Provable Stochastic Algorithms</i>, equation 5:
/// w minimises |g_w + λ g_0|² over the simplex for the mean g_0, and the update is (g_w + λ g_0) / (1 + λ). Algorithm 1 descends on w from
/// where the step before left it, with inner products of two independent batches (divided, as in the authors' code, by the
/// square of the mean norm), and applies w to a third.</para>
/// <para>Since the weights sum to 1, g_w + λ g_0 mixes the shifted gradients g_t + λ g_0, and the exact w is that of their point of
/// smallest norm. Gradients that are given as rows are solved exactly, there being no other batch.</para>
/// </remarks>
[Method(
    "sdmgrad",
    Survey = "3.6",
    Paper = "Xiao, Ban and Ji 2023, Direction-oriented Multi-objective Learning: Simple and Provable Stochastic Algorithms",
    Arxiv = "2305.18409",
    Summary = "Shortest combination of the task gradients near their mean, judged on two further batches a step."
)]
[Updates(UpdateProperties.Symmetric | UpdateProperties.Homogeneous | UpdateProperties.IdentityForOne)]
public sealed class Sdmgrad : GradientAggregator
{
    private readonly double lambda;
    private readonly DirectionSolver solver;
    private readonly int iterations;
    private readonly double rate;
    private readonly double momentum;
    private readonly SimplexWeights weights = new();

    /// <summary>Sets the options.</summary>
    /// <param name="lambda">How strongly the update is held near the mean gradient, 0 or more; 0.3 in the authors' code.</param>
    /// <param name="solver">How w is found: on two further batches as in the paper, or exactly on the step's own.</param>
    /// <param name="iterations">Descents on w in a step, 1 or more; 20 in the paper.</param>
    /// <param name="rate">Their step size, 0 or more; 5 in the authors' code.</param>
    /// <param name="momentum">Their momentum, from 0 to below 1; 0.5 in the authors' code.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public Sdmgrad(
        double lambda = 0.3,
        DirectionSolver solver = DirectionSolver.Sampled,
        int iterations = 20,
        double rate = 5,
        double momentum = 0.5
    )
    {
        if (iterations < 1)
        {
            throw new ArgumentException($"iterations is 1 or more; got {iterations}.", nameof(iterations));
        }

        if (momentum is not (>= 0 and < 1))
        {
            throw new ArgumentException($"momentum is from 0 to below 1; got {momentum}.", nameof(momentum));
        }

        this.lambda = StepSize.Require(lambda, nameof(lambda));
        this.solver = solver;
        this.iterations = iterations;
        this.rate = StepSize.Require(rate, nameof(rate));
        this.momentum = momentum;
    }

    /// <inheritdoc/>
    public override void Begin(int tasks) => weights.Begin(tasks);

    /// <inheritdoc/>
    public override Tensor Aggregate(TaskGradients gradients, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        var shares = weights.Take(gradients.Tasks);
        if (solver == DirectionSolver.Exact || gradients.AreExact)
        {
            SolveExactly(gradients.Gramian(), lambda, shares);
        }
        else
        {
            Descend(IndependentRows.InnerProducts(gradients), shares);
        }

        weights.Put(gradients.Tasks, shares);
        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] = (shares[i] + (lambda / shares.Length)) / (1 + lambda);
        }

        return gradients.Combine(shares);
    }

    /// <inheritdoc/>
    public override void Save(StateDictionary state) => weights.Save(state);

    /// <inheritdoc/>
    public override void Load(StateDictionary state) => weights.Load(state);

    /// <summary>The weights whose combination is shortest together with λ times the mean.</summary>
    /// <param name="gramian">Inner products of the task gradients.</param>
    /// <param name="lambda">How much of the mean.</param>
    /// <param name="weights">Receives one weight a task.</param>
    internal static void SolveExactly(GramianView gramian, double lambda, Span<double> weights)
    {
        var count = gramian.Count;
        var shifted = ArrayPool<double>.Shared.Rent(count * count);
        try
        {
            var all = 0.0;
            for (var i = 0; i < count; i++)
            {
                weights[i] = Mean(gramian.Row(i)); // with the mean gradient
                all += weights[i] / count;
            }

            for (var i = 0; i < count; i++)
            {
                for (var j = 0; j < count; j++)
                {
                    var product = gramian[i, j] + (lambda * (weights[i] + weights[j])) + (lambda * lambda * all);
                    shifted[(i * count) + j] = i == j ? Math.Max(0, product) : product;
                }
            }

            MinNormPoint.Solve(shifted.AsSpan(0, count * count), weights);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(shifted);
        }
    }

    private void Descend(double[] products, double[] shares)
    {
        var count = shares.Length;
        var norm = 0.0;
        for (var i = 0; i < count; i++)
        {
            norm += Math.Sqrt(Math.Max(0, products[i * (count + 1)])) / count;
        }

        if (norm == 0)
        {
            return; // the batches agree on no task's gradient
        }

        for (var i = 0; i < products.Length; i++)
        {
            products[i] = products[i] / norm / norm;
        }

        var velocity = new double[count];
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            var slopes = IndependentRows.Times(products, shares);
            for (var i = 0; i < count; i++)
            {
                var slope = slopes[i] + (lambda * Mean(products.AsSpan(i * count, count)));
                velocity[i] = (iteration == 0 ? 0 : momentum * velocity[i]) + slope;
                shares[i] -= rate * velocity[i];
            }

            ProjectSimplex.Solve(shares);
        }
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }
}

/// <summary>How the weights of the shortest combination near the mean are found.</summary>
public enum DirectionSolver
{
    /// <summary>By projected descent on inner products of two further batches.</summary>
    Sampled,

    /// <summary>Exactly, on the step's own batch, at the cost of no other.</summary>
    Exact,
}
