namespace Plait.Numerics;

/// <summary>Minimises a smooth convex function of many numbers.</summary>
/// <remarks>
/// Nocedal and Wright 2006, <i>Numerical Optimization</i>, algorithms 7.4 and 7.5: the inverse Hessian is made of the last steps and what they
/// changed in the gradient. Steps are halved until the function falls enough (equation 3.4); a step along which the gradient does not
/// rise is not remembered.
/// </remarks>
internal static class LimitedMemoryBfgs
{
    private const int Memory = 10;
    private const double EnoughFall = 1e-4;
    private const double LeastStep = 1e-12;
    private const double LeastCurvature = 1e-12;

    /// <summary>A function's value at a point; writes its gradient.</summary>
    public delegate double Objective(double[] point, double[] gradient);

    /// <summary>Goes down from a point until the gradient is small, or nothing falls any more.</summary>
    /// <param name="objective">The function.</param>
    /// <param name="point">Where to start; where the minimum was found.</param>
    /// <param name="iterations">The most steps.</param>
    /// <param name="tolerance">Where to stop: the gradient's largest entry, relative to that at the start.</param>
    public static void Minimize(Objective objective, double[] point, int iterations = 500, double tolerance = 1e-8)
    {
        var steps = new List<(double[] Moved, double[] Changed, double Inverse)>();
        var gradient = new double[point.Length];
        var value = objective(point, gradient);
        var small = tolerance * Largest(gradient);
        for (var iteration = 0; iteration < iterations && Largest(gradient) > small; iteration++)
        {
            var direction = Direction(steps, gradient);
            var slope = Vectors.Dot(direction, gradient);
            var length = steps.Count == 0 ? Math.Min(1, 1 / Math.Sqrt(-slope)) : 1.0;
            var next = new double[point.Length];
            var nextGradient = new double[point.Length];
            double nextValue;
            while (true)
            {
                for (var i = 0; i < next.Length; i++)
                {
                    next[i] = point[i] + (length * direction[i]);
                }

                nextValue = objective(next, nextGradient);
                if (nextValue <= value + (EnoughFall * length * slope))
                {
                    break;
                }

                length /= 2;
                if (length < LeastStep)
                {
                    return;
                }
            }

            Remember(steps, point, next, gradient, nextGradient);
            next.CopyTo(point, 0);
            (gradient, value) = (nextGradient, nextValue);
        }
    }

    /// <summary>Minus the inverse Hessian times the gradient.</summary>
    private static double[] Direction(List<(double[] Moved, double[] Changed, double Inverse)> steps, double[] gradient)
    {
        var direction = Array.ConvertAll(gradient, number => -number);
        var shares = new double[steps.Count];
        for (var i = steps.Count - 1; i >= 0; i--)
        {
            shares[i] = steps[i].Inverse * Vectors.Dot(steps[i].Moved, direction);
            Vectors.AddScaled(direction, -shares[i], steps[i].Changed);
        }

        if (steps.Count > 0)
        {
            var (_, changed, inverse) = steps[^1];
            var scale = 1 / (inverse * Vectors.Dot(changed, changed));
            direction = Array.ConvertAll(direction, number => number * scale);
        }

        for (var i = 0; i < steps.Count; i++)
        {
            Vectors.AddScaled(
                direction,
                shares[i] - (steps[i].Inverse * Vectors.Dot(steps[i].Changed, direction)),
                steps[i].Moved
            );
        }

        return direction;
    }

    private static void Remember(
        List<(double[] Moved, double[] Changed, double Inverse)> steps,
        double[] point,
        double[] next,
        double[] gradient,
        double[] nextGradient
    )
    {
        double[] moved = [.. next.Zip(point, (to, from) => to - from)];
        double[] changed = [.. nextGradient.Zip(gradient, (to, from) => to - from)];
        var curvature = Vectors.Dot(moved, changed);
        if (curvature <= LeastCurvature * Math.Sqrt(Vectors.Dot(moved, moved) * Vectors.Dot(changed, changed)))
        {
            return;
        }

        if (steps.Count == Memory)
        {
            steps.RemoveAt(0);
        }

        steps.Add((moved, changed, 1 / curvature));
    }

    private static double Largest(double[] numbers) => numbers.Max(Math.Abs);
}
