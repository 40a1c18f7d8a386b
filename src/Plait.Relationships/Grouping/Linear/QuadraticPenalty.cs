using Plait.Numerics;

namespace Plait.Relationships.Grouping.Linear;

/// <summary>Minimises a task's loss under a quadratic penalty w'Aw: Newton's method, for the squared loss one step of it.</summary>
internal static class QuadraticPenalty
{
    private const int MostSteps = 50;
    private const int MostHalvings = 30;

    /// <summary>Minimises loss(w) + w'Aw.</summary>
    /// <param name="objective">The loss.</param>
    /// <param name="penalty">A, symmetric, row by row.</param>
    /// <param name="weights">Where to start; receives the minimum.</param>
    /// <returns>The minimum's value.</returns>
    /// <exception cref="ArgumentException">The penalty is too small for the numbers.</exception>
    public static double Minimize(LinearObjective objective, ReadOnlySpan<double> penalty, Span<double> weights)
    {
        var count = weights.Length;
        var (gradient, hessian) = (new double[count], new double[count * count]);
        var (tried, pull) = (new double[count], new double[count]);
        var value = Value(objective, penalty, weights);
        for (var step = 0; step < MostSteps; step++)
        {
            objective.Derivatives(weights, gradient, hessian);
            Multiply(penalty, weights, pull);
            Vectors.AddScaled(gradient, 2, pull);
            Vectors.AddScaled(hessian, 2, penalty);
            var direction = (double[])gradient.Clone();
            if (!PositiveDefinite.TrySolve(hessian, direction))
            {
                throw new ArgumentException(
                    "The penalty is too small beside the features for the weights to be found; raise it, or bring the features to one scale."
                );
            }

            var before = value;
            for (var halving = 0; halving < MostHalvings && value >= before; halving++)
            {
                weights.CopyTo(tried);
                Vectors.AddScaled(tried, -Math.ScaleB(1, -halving), direction);
                var reached = Value(objective, penalty, tried);
                if (reached < before)
                {
                    tried.CopyTo(weights);
                    value = reached;
                }
            }

            if (value >= before || Vectors.Dot(gradient, direction) <= Vectors.Rounding * before)
            {
                break;
            }
        }

        return value;
    }

    private static double Value(LinearObjective objective, ReadOnlySpan<double> penalty, ReadOnlySpan<double> weights)
    {
        var pull = new double[weights.Length];
        Multiply(penalty, weights, pull);
        return objective.Value(weights) + Vectors.Dot(weights, pull);
    }

    private static void Multiply(ReadOnlySpan<double> matrix, ReadOnlySpan<double> vector, Span<double> result)
    {
        for (var i = 0; i < vector.Length; i++)
        {
            result[i] = Vectors.Dot(matrix.Slice(i * vector.Length, vector.Length), vector);
        }
    }
}
