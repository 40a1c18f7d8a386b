namespace Plait.Numerics;

/// <summary>Newton's method on log (Cv)_i + log(v_i)/α = q_i, for unit vectors' inner products C.</summary>
internal ref struct FairNewton
{
    private const int MostSteps = 200; // ten or so are usual, sixty where lengths differ by twelve orders and α is 5
    private const int MostHalvings = 40;
    private const double KeptShare = 0.02; // of Cv_i, when a step would take it below 0
    private const double Fall = 0.1; // of the error, over that of the linear model, that a step has to bring
    private const double Stationary = 32; // roundings that the shortest combination's square may be from 0
    private const double Solved = 1e-9; // a relative error at which rounding may end the search

    private readonly int count;
    private readonly double alpha;
    private readonly double rounding;
    private readonly ReadOnlySpan<double> cosines;
    private readonly Span<double> factor; // row by row
    private readonly Span<double> products; // Cv
    private readonly Span<double> errors; // of the equations
    private readonly Span<double> direction;
    private readonly Span<double> triedPoint;
    private readonly Span<double> triedProducts;
    private readonly Span<double> triedErrors;

    public FairNewton(ReadOnlySpan<double> cosines, Span<double> work, int count, double alpha, double rounding)
    {
        this.cosines = cosines;
        this.count = count;
        this.alpha = alpha;
        this.rounding = rounding;
        factor = work[..(count * count)];
        work = work[(count * count)..];
        Target = work[..count];
        Point = work.Slice(count, count);
        products = work.Slice(2 * count, count);
        errors = work.Slice(3 * count, count);
        direction = work.Slice(4 * count, count);
        triedPoint = work.Slice(5 * count, count);
        triedProducts = work.Slice(6 * count, count);
        triedErrors = work.Slice(7 * count, count);
    }

    /// <summary>The q of the equations.</summary>
    public Span<double> Target { get; }

    /// <summary>The v of the equations.</summary>
    public Span<double> Point { get; }

    /// <summary>The numbers of working space that so many vectors need, with their inner products and lengths.</summary>
    public static int WorkSize(int count) => (2 * count * count) + (9 * count);

    /// <summary>Solves; false when there is no solution.</summary>
    public bool Solve()
    {
        if (!StartAtDiagonal() && !StartAtShortest())
        {
            return false;
        }

        Rescale();
        var error = Measure(Point, products, errors);
        for (var step = 0; step < MostSteps && Distance() > 2 * Vectors.Rounding; step++)
        {
            if (!Factor())
            {
                break;
            }

            SetDirection();
            var reached = Move(error);
            if (reached >= error)
            {
                break;
            }

            error = reached;
        }

        return Distance() <= Math.Max(Solved, rounding);
    }

    /// <summary>The solution for vectors at right angles, if it will do as a start.</summary>
    private readonly bool StartAtDiagonal()
    {
        var largest = double.NegativeInfinity;
        foreach (var target in Target)
        {
            largest = Math.Max(largest, target);
        }

        for (var i = 0; i < count; i++)
        {
            Point[i] = Math.Exp((Target[i] - largest) / (1 + (1 / alpha)));
        }

        return IsInside();
    }

    private readonly bool StartAtShortest()
    {
        MinNormPoint.Solve(cosines, Point);
        Multiply(Point, products);
        var square = Vectors.Dot(Point, products);
        if (!(square > Stationary * rounding))
        {
            return false;
        }

        // A little of every vector, too little to turn any product.
        var (least, most) = (1.0, 0.0);
        for (var i = 0; i < count; i++)
        {
            least = Math.Min(least, products[i]);
            for (var j = 0; j < count; j++)
            {
                most -= Math.Min(0, cosines[(i * count) + j]) / count;
            }
        }

        var share = least / (2 * Math.Max(1, most * count));
        for (var i = 0; i < count; i++)
        {
            Point[i] += share;
        }

        return IsInside();
    }

    /// <summary>Whether every product is above 0 by more than rounding.</summary>
    private readonly bool IsInside()
    {
        var sum = 0.0;
        foreach (var value in Point)
        {
            sum += value;
        }

        Multiply(Point, products);
        foreach (var product in products)
        {
            if (!(product > rounding * sum))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Brings the mean error to 0 by the length of v alone.</summary>
    private readonly void Rescale()
    {
        Measure(Point, products, errors);
        var mean = 0.0;
        foreach (var error in errors)
        {
            mean += error / count;
        }

        var scale = Math.Exp(-mean / (1 + (1 / alpha)));
        for (var i = 0; i < count; i++)
        {
            Point[i] *= scale;
            products[i] *= scale;
        }
    }

    /// <summary>The errors of the equations, and their Euclidean norm; infinity where a product is not above 0.</summary>
    private readonly double Measure(ReadOnlySpan<double> point, ReadOnlySpan<double> ofPoint, Span<double> result)
    {
        var square = 0.0;
        for (var i = 0; i < count; i++)
        {
            if (!(ofPoint[i] > 0 && point[i] > 0))
            {
                return double.PositiveInfinity;
            }

            result[i] =
                alpha == 1
                    ? Math.Log(ofPoint[i] * point[i]) - Target[i]
                    : Math.Log(ofPoint[i]) + (Math.Log(point[i]) / alpha) - Target[i];
            square += result[i] * result[i];
        }

        return Math.Sqrt(square);
    }

    /// <summary>The largest difference of the two sides of an equation, over the size of their terms.</summary>
    private readonly double Distance()
    {
        var worst = 0.0;
        for (var i = 0; i < count; i++)
        {
            var due = products[i] * Math.Exp(-errors[i]);
            var difference = Math.Abs(products[i] - due);
            if (difference > worst * (products[i] + due))
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

    /// <summary>The Cholesky factor of C + diag((Cv)_i / (α v_i)); false where rounding has left C indefinite.</summary>
    private readonly bool Factor()
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

            var rest = 1 + (products[i] / (alpha * Point[i])) - Vectors.Dot(row[..i], row[..i]);
            if (!(rest > 0))
            {
                return false;
            }

            row[i] = Math.Sqrt(rest);
        }

        return true;
    }

    private readonly void SetDirection()
    {
        for (var i = 0; i < count; i++)
        {
            var row = factor.Slice(i * count, i);
            direction[i] = ((-products[i] * errors[i]) - Vectors.Dot(row, direction[..i])) / factor[i * (count + 1)];
        }

        for (var i = count - 1; i >= 0; i--)
        {
            direction[i] /= factor[i * (count + 1)];
            Vectors.AddScaled(direction[..i], -direction[i], factor.Slice(i * count, i));
        }
    }

    /// <summary>Goes along the direction as far as the errors fall; returns what they have fallen to.</summary>
    private readonly double Move(double error)
    {
        Multiply(direction, triedProducts);
        var length = 1.0;
        for (var i = 0; i < count; i++)
        {
            if (triedProducts[i] < (KeptShare - 1) * products[i])
            {
                length = Math.Min(length, (KeptShare - 1) * products[i] / triedProducts[i]);
            }
        }

        for (var halving = 0; halving < MostHalvings; halving++, length /= 2)
        {
            for (var i = 0; i < count; i++)
            {
                // A fall is taken in the logarithm, where it cannot go below 0.
                var change = length * direction[i];
                triedPoint[i] = change >= 0 ? Point[i] + change : Point[i] * Math.Exp(change / Point[i]);
            }

            Multiply(triedPoint, triedProducts);
            var reached = Measure(triedPoint, triedProducts, triedErrors);
            if (reached <= (1 - (Fall * length)) * error)
            {
                triedPoint.CopyTo(Point);
                triedProducts.CopyTo(products);
                triedErrors.CopyTo(errors);
                return reached;
            }
        }

        return error;
    }

    private readonly void Multiply(ReadOnlySpan<double> vector, Span<double> result)
    {
        for (var i = 0; i < count; i++)
        {
            result[i] = Vectors.Dot(cosines.Slice(i * count, count), vector);
        }
    }
}
