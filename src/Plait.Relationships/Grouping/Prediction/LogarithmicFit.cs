namespace Plait.Relationships.Grouping.Prediction;

/// <summary>Fits a ln(c i + 1) + b to a curve with few outliers.</summary>
/// <remarks>
/// For a given c the rest is a straight line in ln(c i + 1), so the search is over c alone (Golub and Pereyra 1973, variable projection): a
/// grid over its logarithm, then golden sections. Huber's weights (Huber 1964), renewed from the residuals until they settle, keep a
/// batch of bad luck from bending the curve.
/// </remarks>
internal static class LogarithmicFit
{
    private const double LeastBend = 1e-2; // c times the last step; below it the curve is a straight line for all that the numbers say
    private const double MostBend = 1e6; // above it the loss falls within a millionth of the training
    private const int Grid = 64;
    private const int Sections = 60; // golden sections: 0.618^60 is below rounding
    private const int MostRounds = 50;
    private const double Efficient = 1.345; // Huber's constant for 95 % efficiency under normal noise
    private const double MedianToDeviation = 1.4826;
    private static readonly double Golden = (Math.Sqrt(5) - 1) / 2;

    public static LogarithmicCurve Of(ReadOnlySpan<double> steps, ReadOnlySpan<double> losses)
    {
        var weights = new double[losses.Length];
        Array.Fill(weights, 1);
        var curve = Least(steps, losses, weights);
        for (var round = 0; round < MostRounds; round++)
        {
            var before = curve;
            Reweigh(curve, steps, losses, weights);
            curve = Least(steps, losses, weights);
            if (Math.Abs(curve.Rate - before.Rate) <= 1e-12 * before.Rate && Near(curve, before))
            {
                break;
            }
        }

        return curve;
    }

    private static bool Near(LogarithmicCurve curve, LogarithmicCurve before) =>
        Math.Abs(curve.Steepness - before.Steepness) <= 1e-12 * Math.Abs(before.Steepness)
        && Math.Abs(curve.Start - before.Start) <= 1e-12 * Math.Abs(before.Start);

    /// <summary>Least squares under weights.</summary>
    private static LogarithmicCurve Least(
        ReadOnlySpan<double> steps,
        ReadOnlySpan<double> losses,
        ReadOnlySpan<double> weights
    )
    {
        var (low, high) = (Math.Log(LeastBend / steps[^1]), Math.Log(MostBend / steps[^1]));
        var width = (high - low) / (Grid - 1);
        var best = low;
        var least = double.PositiveInfinity;
        for (var i = 0; i < Grid; i++)
        {
            var (_, rest) = Line(low + (i * width), steps, losses, weights);
            if (rest < least)
            {
                (best, least) = (low + (i * width), rest);
            }
        }

        (low, high) = (Math.Max(low, best - width), Math.Min(high, best + width));
        var (left, right) = (high - (Golden * (high - low)), low + (Golden * (high - low)));
        var (atLeft, atRight) = (Line(left, steps, losses, weights).Left, Line(right, steps, losses, weights).Left);
        for (var i = 0; i < Sections; i++)
        {
            if (atLeft <= atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                left = high - (Golden * (high - low));
                atLeft = Line(left, steps, losses, weights).Left;
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                right = low + (Golden * (high - low));
                atRight = Line(right, steps, losses, weights).Left;
            }
        }

        return Line((low + high) / 2, steps, losses, weights).Curve;
    }

    /// <summary>The best a and b for one c, and the weighted squares that they leave.</summary>
    private static (LogarithmicCurve Curve, double Left) Line(
        double logarithmOfRate,
        ReadOnlySpan<double> steps,
        ReadOnlySpan<double> losses,
        ReadOnlySpan<double> weights
    )
    {
        var rate = Math.Exp(logarithmOfRate);
        var (total, meanX, meanY) = (0.0, 0.0, 0.0);
        for (var i = 0; i < losses.Length; i++)
        {
            total += weights[i];
            meanX += weights[i] * Math.Log((rate * steps[i]) + 1);
            meanY += weights[i] * losses[i];
        }

        (meanX, meanY) = (meanX / total, meanY / total);
        var (square, product) = (0.0, 0.0);
        for (var i = 0; i < losses.Length; i++)
        {
            var x = Math.Log((rate * steps[i]) + 1) - meanX;
            square += weights[i] * x * x;
            product += weights[i] * x * (losses[i] - meanY);
        }

        var steepness = square > 0 ? product / square : 0;
        var curve = new LogarithmicCurve(steepness, rate, meanY - (steepness * meanX));
        var rest = 0.0;
        for (var i = 0; i < losses.Length; i++)
        {
            var residual = losses[i] - curve.At(steps[i]);
            rest += weights[i] * residual * residual;
        }

        return (curve, rest);
    }

    private static void Reweigh(
        LogarithmicCurve curve,
        ReadOnlySpan<double> steps,
        ReadOnlySpan<double> losses,
        Span<double> weights
    )
    {
        var residuals = new double[losses.Length];
        for (var i = 0; i < losses.Length; i++)
        {
            residuals[i] = Math.Abs(losses[i] - curve.At(steps[i]));
        }

        var sorted = (double[])residuals.Clone();
        Array.Sort(sorted);
        var limit = Efficient * MedianToDeviation * sorted[sorted.Length / 2];
        for (var i = 0; i < losses.Length; i++)
        {
            weights[i] = residuals[i] > limit && limit > 0 ? limit / residuals[i] : 1;
        }
    }
}
