namespace Plait.Numerics;

/// <content>Where the search starts, and how it follows the solution to what is asked for.</content>
internal ref partial struct FairNewton
{
    /// <summary>Solves; false when there is no solution.</summary>
    public bool Solve()
    {
        Point.Fill(1);
        if (!IsInside() && !StartAtShortest())
        {
            return false;
        }

        var (highest, lowest) = CentreTargets();
        Rescale();
        var (error, distance) = (Measure(Point, slopes, errors), 1.0);
        var (stride, tries) = (FirstStride, 0);
        for (var step = 0; step < MostSteps && distance > Exact; step++)
        {
            if (OnTheWay(lowest) && error <= Near)
            {
                stride *=
                    tries <= 6 ? 2
                    : tries <= 12 ? 1
                    : 0.5;
                Keep();
                (error, tries) = (Follow(stride, lowest), 0);
            }
            else if (tries >= Patience && distance > Solved * rounding && HasKept && stride > LeastStride)
            {
                stride /= 8;
                Restore();
                (error, tries) = (Follow(stride, lowest), 0);
            }

            Factor();
            SetDirection();
            var reached = Move(error);
            var left = OnTheWay(lowest) ? 1 : Distance();
            if (reached < error || left < distance)
            {
                tries++;
            }
            else if (HasKept && left > Solved * rounding && stride > LeastStride)
            {
                tries = Patience;
            }
            else
            {
                break;
            }

            (error, distance) = (reached, left);
        }

        var scale = Math.Exp(highest / (1 + power));
        for (var i = 0; i < count; i++)
        {
            Point[i] *= scale;
        }

        return distance <= Solved * rounding;
    }

    private readonly bool OnTheWay(double lowest) => exponent != power || level > lowest;

    /// <summary>Shifts the targets so that the highest is 0, which is a matter of the length of v; returns the highest and then the lowest.</summary>
    private readonly (double Highest, double Lowest) CentreTargets()
    {
        var (highest, lowest) = (double.NegativeInfinity, double.PositiveInfinity);
        foreach (var target in Target)
        {
            highest = Math.Max(highest, target);
            lowest = Math.Min(lowest, target);
        }

        for (var i = 0; i < count; i++)
        {
            Target[i] -= highest;
        }

        return (highest, lowest - highest);
    }

    /// <summary>Goes on towards what is asked for, until an error has changed by so much; returns the errors' norm there.</summary>
    private double Follow(double stride, double lowest)
    {
        if (exponent == power)
        {
            level = Math.Max(lowest, level - stride);
            return Measure(Point, slopes, errors);
        }

        var fastest = 0.0;
        foreach (var value in Point)
        {
            fastest = Math.Max(fastest, Math.Abs(Math.Log(value)));
        }

        var left = power - exponent;
        exponent = fastest * Math.Abs(left) <= stride ? power : exponent + (Math.Sign(left) * stride / fastest);
        return Measure(Point, slopes, errors);
    }

    private readonly bool HasKept => !double.IsNaN(keptLevel);

    /// <summary>Remembers a place on the way.</summary>
    private void Keep()
    {
        Point.CopyTo(keptPoint);
        slopes.CopyTo(keptSlopes);
        (keptExponent, keptLevel) = (exponent, level);
    }

    /// <summary>Goes back to it.</summary>
    private void Restore()
    {
        keptPoint.CopyTo(Point);
        keptSlopes.CopyTo(slopes);
        Multiply(Point, products);
        (exponent, level) = (keptExponent, keptLevel);
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

        var scale = Math.Exp(-mean / 2);
        for (var i = 0; i < count; i++)
        {
            Point[i] *= scale;
            products[i] *= scale;
        }

        products.CopyTo(slopes);
    }
}
