namespace Plait.Numerics;

/// <summary>Newton's method on s = Cv, log(s_i) + log(v_i)/α = q_i, for unit vectors' inner products C.</summary>
/// <remarks>
/// It starts from Nash bargaining, α = 1 and q = 0, which it solves from anywhere, and follows the solution to what is asked
/// for, as far in one go as Newton's method keeps up with: first 1/α changes, then the level falls below which no q may lie yet.
/// All small products fall together so, as on the central path of interior-point methods, and none changes much faster than the level.
/// </remarks>
internal ref partial struct FairNewton
{
    private const int MostSteps = 500; // ten or so are usual, a hundred where lengths differ by twelve orders and α is not 1
    private const int MostHalvings = 40;
    private const double KeptShare = 0.005; // of a number that a step would take below 0
    private const double Fall = 0.1; // of the error, over that of the linear model, that a step has to bring
    private const double Near = 1e-3; // the error from which the solution is followed further: large products settle before small ones fall
    private const double FirstStride = 3; // in logarithms
    private const double LeastStride = 0.01;
    private const int Patience = 25; // steps after which a stride was too long
    private const double Stationary = 32; // roundings that the shortest combination's square may be from 0
    private const double Exact = 4 * Vectors.Rounding; // the distance at which the search ends
    private const double Solved = 64; // roundings that it may end with

    private readonly int count;
    private readonly double power; // 1/α
    private readonly double rounding;
    private readonly ReadOnlySpan<double> cosines;
    private readonly Span<double> factor; // row by row
    private readonly Span<double> products; // Cv, as rounding leaves it
    private readonly Span<double> slopes; // s
    private readonly Span<double> errors; // of the equations
    private readonly Span<double> direction;
    private readonly Span<double> triedPoint;
    private readonly Span<double> slopeDirection;
    private readonly Span<double> triedSlopes;
    private readonly Span<double> triedErrors;
    private double exponent = 1; // of v, on the way to 1/α
    private readonly Span<double> keptPoint; // a place on the way
    private readonly Span<double> keptSlopes;
    private double keptExponent = 1;
    private double keptLevel = double.NaN;
    private double level; // no q is below it, on the way to the smallest

    public FairNewton(ReadOnlySpan<double> cosines, Span<double> work, int count, double alpha, double rounding)
    {
        this.cosines = cosines;
        this.count = count;
        power = 1 / alpha;
        this.rounding = rounding;
        factor = work[..(count * count)];
        work = work[(count * count)..];
        Target = work[..count];
        Point = work.Slice(count, count);
        products = work.Slice(2 * count, count);
        errors = work.Slice(3 * count, count);
        direction = work.Slice(4 * count, count);
        triedPoint = work.Slice(5 * count, count);
        triedSlopes = work.Slice(6 * count, count);
        triedErrors = work.Slice(7 * count, count);
        slopes = work.Slice(8 * count, count);
        slopeDirection = work.Slice(9 * count, count);
        keptPoint = work.Slice(10 * count, count);
        keptSlopes = work.Slice(11 * count, count);
    }

    /// <summary>The q of the equations.</summary>
    public Span<double> Target { get; }

    /// <summary>The v of the equations.</summary>
    public Span<double> Point { get; }

    /// <summary>The numbers of working space that so many vectors need, with their inner products and lengths.</summary>
    public static int WorkSize(int count) => (2 * count * count) + (13 * count);

    /// <summary>The errors of the equations in logarithms, and their Euclidean norm.</summary>
    private readonly double Measure(ReadOnlySpan<double> point, ReadOnlySpan<double> ofPoint, Span<double> result)
    {
        var square = 0.0;
        for (var i = 0; i < count; i++)
        {
            result[i] =
                exponent == 1
                    ? Math.Log(ofPoint[i] * point[i]) - Math.Max(level, Target[i])
                    : Math.Log(ofPoint[i]) + (exponent * Math.Log(point[i])) - Math.Max(level, Target[i]);
            square += result[i] * result[i];
        }

        return Math.Sqrt(square);
    }

    /// <summary>The largest difference of the two sides of an equation, with Cv for s, over the size of their terms.</summary>
    private readonly double Distance()
    {
        var worst = 0.0;
        for (var i = 0; i < count; i++)
        {
            var due = slopes[i] * Math.Exp(-errors[i]);
            var difference = Math.Abs(products[i] - due);
            if (difference > worst * (Math.Abs(products[i]) + due))
            {
                var size = due;
                var row = cosines.Slice(i * count, count);
                for (var j = 0; j < count; j++)
                {
                    size += Math.Abs(row[j]) * Point[j];
                }

                worst = Math.Max(worst, difference / size);
            }
        }

        return worst;
    }

    /// <summary>The Cholesky factor of C + diag(s_i / (α v_i)), with pivots of no less than rounding.</summary>
    private readonly void Factor()
    {
        for (var i = 0; i < count; i++)
        {
            var row = factor.Slice(i * count, count);
            for (var j = 0; j < i; j++)
            {
                row[j] =
                    (cosines[(i * count) + j] - Vectors.Dot(row[..j], factor.Slice(j * count, j)))
                    / factor[(j * count) + j];
            }

            var whole = 1 + (exponent * slopes[i] / Point[i]);
            row[i] = Math.Sqrt(Math.Max(whole * Vectors.Rounding, whole - Vectors.Dot(row[..i], row[..i])));
        }
    }

    private readonly void SetDirection()
    {
        for (var i = 0; i < count; i++)
        {
            var row = factor.Slice(i * count, i);
            var side = slopes[i] - products[i] - (slopes[i] * errors[i]);
            direction[i] = (side - Vectors.Dot(row, direction[..i])) / factor[i * (count + 1)];
        }

        for (var i = count - 1; i >= 0; i--)
        {
            direction[i] /= factor[i * (count + 1)];
            Vectors.AddScaled(direction[..i], -direction[i], factor.Slice(i * count, i));
        }

        for (var i = 0; i < count; i++)
        {
            slopeDirection[i] = -slopes[i] * (errors[i] + (exponent * direction[i] / Point[i]));
        }
    }

    /// <summary>Goes along the direction as far as the errors fall; returns what they have fallen to.</summary>
    private readonly double Move(double error)
    {
        var length = Math.Min(Within(Point, direction), Within(slopes, slopeDirection));
        for (var halving = 0; halving < MostHalvings; halving++, length /= 2)
        {
            for (var i = 0; i < count; i++)
            {
                triedPoint[i] = Point[i] + (length * direction[i]);
                triedSlopes[i] = slopes[i] + (length * slopeDirection[i]);
            }

            var reached = Measure(triedPoint, triedSlopes, triedErrors);
            if (reached <= Math.Max((1 - (Fall * length)) * error, count * Exact))
            {
                triedPoint.CopyTo(Point);
                triedSlopes.CopyTo(slopes);
                triedErrors.CopyTo(errors);
                Multiply(Point, products);
                return reached;
            }
        }

        return error;
    }

    /// <summary>How far along a direction, a whole step at most, numbers stay above 0.</summary>
    private static double Within(ReadOnlySpan<double> values, ReadOnlySpan<double> direction)
    {
        var length = 1.0;
        for (var i = 0; i < values.Length; i++)
        {
            if (direction[i] < (KeptShare - 1) * values[i])
            {
                length = Math.Min(length, (KeptShare - 1) * values[i] / direction[i]);
            }
        }

        return length;
    }

    private readonly void Multiply(ReadOnlySpan<double> vector, Span<double> result)
    {
        for (var i = 0; i < count; i++)
        {
            result[i] = Vectors.Dot(cosines.Slice(i * count, count), vector);
        }
    }
}
