using Plait.Numerics;

namespace Plait.Relationships.Grouping.Linear;

/// <summary>Finds the sparse combination of latent tasks that serves one task best.</summary>
/// <remarks>
/// Proximal Newton (Lee, Sun and Saunders 2014, algorithm 1): the loss is replaced by its quadratic model at the code, which is minimised with
/// the absolute values by coordinate descent, and the step towards it is halved until the objective falls. For the squared loss
/// the model is the loss, and one step does.
/// </remarks>
internal static class SparseCode
{
    private const int MostSteps = 100;
    private const int MostSweeps = 10_000;
    private const int MostHalvings = 30;

    /// <summary>Minimises loss(L s) + sparsity |s|₁.</summary>
    /// <param name="objective">The loss by the weights L s.</param>
    /// <param name="basis">L, column by column.</param>
    /// <param name="sparsity">0 or more.</param>
    /// <param name="code">Where to start, [components]; receives the minimum.</param>
    public static void Minimize(LinearObjective objective, double[] basis, double sparsity, double[] code)
    {
        var count = code.Length;
        var (gradient, hessian) = (new double[count], new double[count * count]);
        var value = Value(objective, basis, sparsity, code);
        for (var step = 0; step < MostSteps; step++)
        {
            Derivatives(objective, basis, code, gradient, hessian);
            var wanted = (double[])code.Clone();
            var fall = Descend(gradient, hessian, sparsity, wanted);
            var before = value;
            for (var halving = 0; halving < MostHalvings && value >= before; halving++)
            {
                var share = Math.ScaleB(1, -halving);
                var tried = halving == 0 ? wanted : [.. code.Zip(wanted, (from, to) => from + (share * (to - from)))];
                var reached = Value(objective, basis, sparsity, tried);
                if (reached < before)
                {
                    tried.CopyTo(code, 0);
                    value = reached;
                }
            }

            if (value >= before || fall <= Vectors.Rounding * before)
            {
                return;
            }
        }
    }

    /// <summary>How far a code is from a minimum: the largest distance of a slope from what the absolute values allow.</summary>
    public static double Residual(LinearObjective objective, double[] basis, double sparsity, ReadOnlySpan<double> code)
    {
        var (gradient, hessian) = (new double[code.Length], new double[code.Length * code.Length]);
        Derivatives(objective, basis, code, gradient, hessian);
        var largest = 0.0;
        for (var k = 0; k < code.Length; k++)
        {
            var distance =
                code[k] == 0
                    ? Math.Max(Math.Abs(gradient[k]) - sparsity, 0)
                    : Math.Abs(gradient[k] + (sparsity * Math.Sign(code[k])));
            largest = Math.Max(largest, distance);
        }

        return largest;
    }

    /// <summary>Gradient and Hessian of the loss by the code: L'g and L'HL.</summary>
    public static void Derivatives(
        LinearObjective objective,
        double[] basis,
        ReadOnlySpan<double> code,
        Span<double> gradient,
        Span<double> hessian
    )
    {
        var (features, count) = (objective.Features, code.Length);
        var (ofWeights, curvature) = (new double[features], new double[features * features]);
        objective.Derivatives(LatentBasis.Combine(basis, code), ofWeights, curvature);
        var bent = new double[features];
        for (var k = 0; k < count; k++)
        {
            var column = basis.AsSpan(k * features, features);
            gradient[k] = Vectors.Dot(column, ofWeights);
            for (var i = 0; i < features; i++)
            {
                bent[i] = Vectors.Dot(curvature.AsSpan(i * features, features), column);
            }

            for (var other = 0; other < count; other++)
            {
                hessian[(k * count) + other] = Vectors.Dot(basis.AsSpan(other * features, features), bent);
            }
        }
    }

    /// <summary>Minimises the quadratic model with the absolute values by coordinates; the model's fall is returned.</summary>
    private static double Descend(double[] slopes, double[] hessian, double sparsity, double[] code)
    {
        var count = code.Length;
        var start = (double[])code.Clone();
        var slope = (double[])slopes.Clone();
        for (var sweep = 0; sweep < MostSweeps; sweep++)
        {
            var (moved, size) = (0.0, 0.0);
            for (var k = 0; k < count; k++)
            {
                var bend = hessian[k * (count + 1)];
                var free = code[k] - (slope[k] / bend);
                var next = bend > 0 ? Math.Sign(free) * Math.Max(Math.Abs(free) - (sparsity / bend), 0) : 0;
                var change = next - code[k];
                Vectors.AddScaled(slope, change, hessian.AsSpan(k * count, count));
                code[k] = next;
                moved = Math.Max(moved, bend * change * change);
                size = Math.Max(size, bend * next * next);
            }

            if (moved <= Vectors.Rounding * Vectors.Rounding * size)
            {
                break;
            }
        }

        var fall = 0.0;
        for (var k = 0; k < count; k++)
        {
            fall -=
                ((slopes[k] + slope[k]) / 2 * (code[k] - start[k]))
                + (sparsity * (Math.Abs(code[k]) - Math.Abs(start[k])));
        }

        return fall;
    }

    private static double Value(LinearObjective objective, double[] basis, double sparsity, double[] code) =>
        objective.Value(LatentBasis.Combine(basis, code)) + (sparsity * code.Sum(Math.Abs));
}
