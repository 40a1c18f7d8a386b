using Plait.Numerics;

namespace Plait.Relationships.Grouping.Prediction;

/// <summary>Logistic regression under a penalty on the squares of all coefficients but the intercept.</summary>
/// <remarks>Newton's method, which for this loss is iteratively reweighted least squares (Hastie, Tibshirani and Friedman 2009, section 4.4.1), with steps halved until the objective falls.</remarks>
internal static class LogisticRidge
{
    private const int MostSteps = 100; // seven are usual
    private const int MostHalvings = 16;
    private const double Sufficient = 1e-6; // share of the predicted fall that even the shortest step has to bring

    /// <summary>Fits.</summary>
    /// <param name="rows">Each of as many numbers.</param>
    /// <param name="outcomes">One a row.</param>
    /// <param name="penalty">Above 0.</param>
    /// <returns>The coefficients, then the intercept.</returns>
    public static double[] Fit(double[][] rows, bool[] outcomes, double penalty)
    {
        var count = rows[0].Length + 1;
        var weights = new double[count];
        var (gradient, hessian) = (new double[count], new double[count * count]);
        var value = Derivatives(rows, outcomes, penalty, weights, gradient, hessian);
        for (var step = 0; step < MostSteps; step++)
        {
            var direction = (double[])gradient.Clone();
            if (!PositiveDefinite.TrySolve(hessian, direction))
            {
                break; // probabilities of 0 and 1 throughout: rounding leaves nothing to gain
            }

            var fall = Vectors.Dot(gradient, direction); // twice what the quadratic model says is to be gained
            if (Stepped(rows, outcomes, penalty, weights, direction, value - (Sufficient * fall)) is not { } next)
            {
                break;
            }

            weights = next;
            if (fall <= Vectors.Rounding * value)
            {
                break;
            }

            value = Derivatives(rows, outcomes, penalty, weights, gradient, hessian);
        }

        return weights;
    }

    /// <summary>The first of ever shorter steps with an objective low enough; null where there is none.</summary>
    private static double[]? Stepped(
        double[][] rows,
        bool[] outcomes,
        double penalty,
        double[] weights,
        double[] direction,
        double enough
    )
    {
        for (var halving = 0; halving < MostHalvings; halving++)
        {
            var tried = (double[])weights.Clone();
            Vectors.AddScaled(tried, -Math.ScaleB(1, -halving), direction);
            if (Value(rows, outcomes, penalty, tried) <= enough)
            {
                return tried;
            }
        }

        return null;
    }

    /// <summary>The logistic function, exact where its argument is large.</summary>
    public static double Probability(double logit) =>
        logit >= 0 ? 1 / (1 + Math.Exp(-logit)) : Math.Exp(logit) / (1 + Math.Exp(logit));

    /// <summary>ln(1 + exp(x)), exact where x is large.</summary>
    public static double SoftPlus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

    /// <summary>The objective.</summary>
    public static double Value(double[][] rows, bool[] outcomes, double penalty, ReadOnlySpan<double> weights)
    {
        var own = weights[..^1];
        var value = penalty / 2 * Vectors.Dot(own, own);
        for (var i = 0; i < rows.Length; i++)
        {
            var logit = Vectors.Dot(rows[i], own) + weights[^1];
            value += SoftPlus(outcomes[i] ? -logit : logit);
        }

        return value;
    }

    /// <summary>The objective, its gradient, and its Hessian, row by row.</summary>
    public static double Derivatives(
        double[][] rows,
        bool[] outcomes,
        double penalty,
        ReadOnlySpan<double> weights,
        Span<double> gradient,
        Span<double> hessian
    )
    {
        var count = weights.Length;
        var own = weights[..^1];
        gradient.Clear();
        hessian.Clear();
        Vectors.AddScaled(gradient[..^1], penalty, own);
        for (var j = 0; j < count - 1; j++)
        {
            hessian[(j * count) + j] = penalty;
        }

        Span<double> extended = new double[count];
        extended[^1] = 1;
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i].CopyTo(extended);
            var probability = Probability(Vectors.Dot(rows[i], own) + weights[^1]);
            Vectors.AddScaled(gradient, probability - (outcomes[i] ? 1 : 0), extended);
            for (var j = 0; j < count; j++)
            {
                var factor = probability * (1 - probability) * extended[j];
                Vectors.AddScaled(hessian.Slice(j * count, count), factor, extended);
            }
        }

        return Value(rows, outcomes, penalty, weights);
    }
}
