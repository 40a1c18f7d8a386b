using Plait.Catalogue;
using Plait.Numerics;
using Plait.Tasks;

namespace Plait.Optimization.MultiObjective;

/// <summary>Takes the convex combination of the task gradients that is shortest: a direction in which no task gets worse.</summary>
/// <remarks>
/// <para>Désidéri 2012, <i>Multiple-gradient descent algorithm</i>; Sener and Koltun 2018, <i>Multi-Task Learning as Multi-Objective
/// Optimization</i>, equation 3, whose algorithm 2 is the Frank-Wolfe solver and whose section 3.3 is what taking the
/// gradients at the representation means (MGDA-UB).</para>
/// <para>When the shortest combination is zero the point is Pareto-stationary and the shared parameters stay; so they do while one
/// task's gradient is zero. Normalised gradients decide on the weights alone; the update mixes the gradients as they are.</para>
/// </remarks>
[Method(
    "mgda",
    Survey = "3.6",
    Paper = "Sener and Koltun 2018, Multi-Task Learning as Multi-Objective Optimization",
    Arxiv = "1810.04650",
    Summary = "Takes the shortest convex combination of the task gradients, along which no task gets worse."
)]
[Updates(
    UpdateProperties.NonConflicting
        | UpdateProperties.Symmetric
        | UpdateProperties.Homogeneous
        | UpdateProperties.IdentityForOne
)]
public sealed class Mgda : GramianAggregator
{
    private readonly MinNormSolver solver;
    private readonly GradientNormalization normalization;

    /// <summary>Sets the options.</summary>
    /// <param name="at">Where the gradients are taken; at the representation the method is MGDA-UB.</param>
    /// <param name="solver">How the weights are found: exactly, or as in the paper.</param>
    /// <param name="normalization">What the gradients are divided by before the weights are found.</param>
    public Mgda(
        GradientLocation at = GradientLocation.Parameters,
        MinNormSolver solver = MinNormSolver.Exact,
        GradientNormalization normalization = GradientNormalization.None
    )
        : base(at)
    {
        this.solver = solver;
        this.normalization = normalization;
    }

    /// <inheritdoc/>
    protected internal override void Weigh(GramianView gramian, Span<double> weights, StepContext step)
    {
        if (normalization == GradientNormalization.None)
        {
            Solve(gramian.Values, weights);
            return;
        }

        var count = gramian.Count;
        Span<double> scaled = count <= 16 ? stackalloc double[count * count] : new double[count * count];
        Scale(gramian, scaled);
        Solve(scaled, weights);
    }

    /// <inheritdoc/>
    /// <remarks>Of the shortest combination d: every g_i·d is at least d·d, and equal to it where the weight is not 0.</remarks>
    public override double Residual(GramianView gramian, ReadOnlySpan<double> weights)
    {
        var scaled = new double[gramian.Count * gramian.Count];
        Scale(gramian, scaled);
        var view = new GramianView(scaled);
        var products = new double[view.Count];
        var (square, lengths, total) = (0.0, 0.0, 0.0);
        for (var i = 0; i < view.Count; i++)
        {
            products[i] = Vectors.Dot(view.Row(i), weights);
            square += weights[i] * products[i];
            lengths += weights[i] * Math.Sqrt(view[i, i]);
            total += weights[i];
        }

        var worst = Math.Abs(total - 1);
        for (var i = 0; i < view.Count; i++)
        {
            var excess = products[i] - square;
            var violation = weights[i] == 0 ? Math.Max(0, -excess) : Math.Abs(excess);
            worst = violation == 0 ? worst : Math.Max(worst, violation / (Math.Sqrt(view[i, i]) * lengths));
        }

        return worst;
    }

    private void Scale(GramianView gramian, Span<double> scaled)
    {
        for (var i = 0; i < gramian.Count; i++)
        {
            for (var j = 0; j < gramian.Count; j++)
            {
                scaled[(i * gramian.Count) + j] = gramian[i, j] / Divisor(gramian, i) / Divisor(gramian, j);
            }
        }
    }

    private void Solve(ReadOnlySpan<double> gramian, Span<double> weights)
    {
        if (solver == MinNormSolver.FrankWolfe)
        {
            FrankWolfe.Solve(gramian, weights);
        }
        else
        {
            MinNormPoint.Solve(gramian, weights);
        }
    }

    /// <summary>What a gradient is divided by; a norm or a loss of zero divides by nothing.</summary>
    private double Divisor(GramianView gramian, int task)
    {
        var divisor = 1.0;
        if (normalization is GradientNormalization.L2 or GradientNormalization.LossPlus && gramian[task, task] > 0)
        {
            divisor *= Math.Sqrt(gramian[task, task]);
        }

        if (normalization is GradientNormalization.Loss or GradientNormalization.LossPlus)
        {
            if (gramian.Losses.Length != gramian.Count)
            {
                throw new ArgumentException(
                    $"Normalising by the loss needs {gramian.Count} losses with the Gramian; got {gramian.Losses.Length}."
                );
            }

            divisor *= gramian.Losses[task] > 0 ? gramian.Losses[task] : 1;
        }

        return divisor;
    }
}

/// <summary>How the shortest convex combination is found.</summary>
public enum MinNormSolver
{
    /// <summary>By an active-set method, to rounding.</summary>
    Exact,

    /// <summary>By the paper's algorithm 2, to the first few digits.</summary>
    FrankWolfe,
}

/// <summary>What task gradients are divided by before they are compared; the names are those of the paper's public code.</summary>
public enum GradientNormalization
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Their Euclidean norms.</summary>
    L2,

    /// <summary>The tasks' losses.</summary>
    Loss,

    /// <summary>Norm times loss.</summary>
    LossPlus,
}
