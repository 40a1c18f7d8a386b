namespace Plait.Numerics;

/// <summary>Searches for the largest t that <see cref="MaximinInBall"/> is about, in units of the shortest vector.</summary>
/// <remarks>
/// The distance from the centre is a convex function of t, so that Newton's method from above comes down to the answer and never
/// passes it: it steps in where the present support's quadratic points outside of what is known to enclose the answer.
/// </remarks>
internal ref struct MaximinSearch
{
    private const double Rounding = 2.220446049250313e-16; // the distance of 1 to the next double
    private const int Rounds = 100; // far above what is seen; bisection alone would be done by then

    private readonly int count;
    private readonly ReadOnlySpan<double> norms;
    private readonly ReadOnlySpan<double> cosines;
    private readonly Span<double> slope; // the shortest vector's norm over each norm; 0 for a vector of zeros
    private readonly Span<double> offset; // the inner product of each unit vector with the centre
    private readonly Span<double> bySlope; // by place in the support, the factor divided out
    private readonly Span<double> byOffset;
    private ActiveSet problem;
    private bool hasZero;

    public MaximinSearch(ReadOnlySpan<double> norms, ReadOnlySpan<double> cosines, Span<double> work, Span<int> indices)
    {
        count = norms.Length;
        this.norms = norms;
        this.cosines = cosines;
        slope = work[..count];
        offset = work.Slice(count, count);
        bySlope = work.Slice(2 * count, count);
        byOffset = work.Slice(3 * count, count);
        problem = new(cosines, work[(4 * count)..], indices);
    }

    public static int WorkSize(int count) => (4 * count) + ActiveSet.WorkSize(count);

    public void Solve(double ratio, Span<double> weights)
    {
        var unit = Prepare(weights);
        if (unit == 0)
        {
            return;
        }

        var square = 0.0;
        for (var i = 0; i < count; i++)
        {
            square += weights[i] * norms[i] / unit * offset[i];
        }

        var radius = ratio * Math.Sqrt(Math.Max(0, square));
        if (radius > 0)
        {
            Find(radius);
            foreach (var member in problem.Support)
            {
                weights[member] += problem.Weights[member] * unit / norms[member];
            }
        }
    }

    /// <summary>Fills slope and offset; returns the length of the centre's longest part, the unit of all lengths from here.</summary>
    private double Prepare(ReadOnlySpan<double> center)
    {
        var (unit, shortest) = (0.0, double.PositiveInfinity);
        for (var i = 0; i < count; i++)
        {
            unit = Math.Max(unit, center[i] * norms[i]);
            shortest = norms[i] > 0 ? Math.Min(shortest, norms[i]) : shortest;
        }

        offset.Clear();
        for (var i = 0; i < count && unit > 0; i++)
        {
            slope[i] = norms[i] > 0 ? shortest / norms[i] : 0;
            hasZero |= norms[i] == 0;
            Vectors.AddScaled(offset, center[i] * norms[i] / unit, cosines.Slice(i * count, count));
        }

        return unit;
    }

    private void Find(double radius)
    {
        SolveAt(0);
        var (low, high) = Bounds(radius);
        var (level, tangent) = (0.0, double.NaN);
        if (Distance() < radius)
        {
            if (hasZero || !CanRise())
            {
                problem.Restart();
                SolveAt(0);
                return;
            }

            (low, level) = (Math.Max(0, low), double.NaN);
        }
        else
        {
            (high, tangent) = (0, Tangent(0, radius));
        }

        for (var round = 0; round < Rounds; round++)
        {
            var next = Crossing(radius);
            if (Math.Abs(next - level) <= Rounding * Math.Abs(level))
            {
                return;
            }

            var crosses = next > low && next < high;
            level =
                crosses ? next
                : tangent > low && tangent < high ? tangent
                : (low + high) / 2;
            SolveAt(level);
            if (crosses && !problem.Moved)
            {
                return;
            }

            if (Distance() < radius)
            {
                low = level;
            }
            else
            {
                (high, tangent) = (level, Tangent(level, radius));
            }
        }
    }

    /// <summary>What t is between: the centre's smallest product, and what each vector alone allows.</summary>
    private readonly (double Low, double High) Bounds(double radius)
    {
        var (low, high) = (double.PositiveInfinity, double.PositiveInfinity);
        for (var i = 0; i < count; i++)
        {
            if (slope[i] > 0)
            {
                low = Math.Min(low, offset[i] / slope[i]);
                high = Math.Min(high, (offset[i] + radius) / slope[i]);
            }
        }

        // One vector alone may be the answer, and rounding must not put it outside.
        var margin = 1e-12 * (Math.Abs(low) + Math.Abs(high));
        return (low - margin, high + margin);
    }

    private void SolveAt(double level)
    {
        for (var i = 0; i < count; i++)
        {
            problem.Pull[i] = (level * slope[i]) - offset[i];
        }

        problem.Solve(bounded: true);
    }

    /// <summary>Whether t can rise above 0 at all: not where a convex combination is 0. Leaves the support of the shortest one.</summary>
    private bool CanRise()
    {
        slope.CopyTo(problem.Pull);
        return problem.Solve(bounded: false);
    }

    /// <summary>How far the last problem's point is from the centre.</summary>
    private readonly double Distance()
    {
        var part = Divide(problem.Pull, bySlope);
        return Math.Sqrt(Vectors.Dot(part, part));
    }

    /// <summary>Where the distance would be the radius if it went on as it does at a t.</summary>
    private readonly double Tangent(double level, double radius)
    {
        var part = Divide(problem.Pull, byOffset);
        var distance = Math.Sqrt(Vectors.Dot(part, part));
        return level - ((distance - radius) * distance / Vectors.Dot(part, Divide(slope, bySlope)));
    }

    /// <summary>The t at which the present support's point is on the ball; NaN where there is none.</summary>
    private readonly double Crossing(double radius)
    {
        var rising = Divide(slope, bySlope);
        var still = Divide(offset, byOffset);
        var square = Vectors.Dot(rising, rising);
        var nearest = Vectors.Dot(rising, still) / square;
        Vectors.AddScaled(still, -nearest, rising);
        return nearest + Math.Sqrt(((radius * radius) - Vectors.Dot(still, still)) / square);
    }

    private readonly Span<double> Divide(ReadOnlySpan<double> values, Span<double> room)
    {
        var members = problem.Support;
        var divided = room[..members.Length];
        for (var i = 0; i < divided.Length; i++)
        {
            divided[i] = values[members[i]];
        }

        problem.SolveForward(divided);
        return divided;
    }
}
