namespace Plait.Numerics;

/// <summary>Minimises u'Cu/2 - d'u over u of 0 and more for unit vectors' inner products C, or finds the ray along which it falls for ever.</summary>
/// <remarks>
/// The vectors with a weight above 0 (the support) stay linearly independent, with a Cholesky factor that grows by a row when
/// one enters. A vector that depends on the support enters along the combination that vanishes: the objective falls
/// linearly on it until a weight reaches 0 and its vector leaves, or, when none does, without end.
/// </remarks>
internal ref struct ActiveSet
{
    private const double Rounding = 2.220446049250313e-16; // the distance of 1 to the next double
    private const int StepsPerVector = 30; // far above what is seen; a bound against cycling by rounding

    private readonly int count;
    private readonly double tolerance;
    private readonly Span<double> cosines;
    private readonly Span<double> factor; // of the support, row by row, row length count
    private readonly Span<double> pull; // d: the smallest norm over each norm
    private readonly Span<double> current; // u, by vector
    private readonly Span<double> target; // by place in the support
    private readonly Span<int> support;
    private readonly Span<int> rejected; // 1 where entering did not help since the last progress
    private int supported;

    public ActiveSet(ReadOnlySpan<double> gramian, Span<double> work, Span<int> indices)
    {
        count = indices.Length / 2;
        tolerance = 8 * count * Rounding;
        cosines = work[..(count * count)];
        factor = work.Slice(count * count, count * count);
        pull = work.Slice(2 * count * count, count);
        current = work.Slice((2 * count * count) + count, count);
        target = work.Slice((2 * count * count) + (2 * count), count);
        support = indices[..count];
        rejected = indices[count..];
        rejected.Clear();
        current.Clear();

        var smallest = double.PositiveInfinity;
        for (var i = 0; i < count; i++)
        {
            pull[i] = Math.Sqrt(gramian[i * (count + 1)]);
            smallest = Math.Min(smallest, pull[i]);
        }

        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                cosines[(i * count) + j] = i == j ? 1 : Math.Clamp(gramian[(i * count) + j] / pull[i] / pull[j], -1, 1);
            }
        }

        for (var i = 0; i < count; i++)
        {
            pull[i] = smallest / pull[i];
        }
    }

    /// <summary>The numbers that a problem of this many vectors needs as working space.</summary>
    public static int WorkSize(int count) => (2 * count * count) + (3 * count);

    /// <summary>Solves, and turns u into weights of the vectors as they were given, with sum 1.</summary>
    public void Solve(Span<double> weights)
    {
        for (var step = 0; step < StepsPerVector * count; step++)
        {
            var entering = MostViolated();
            if (entering < 0 || !Enter(entering))
            {
                break;
            }

            var progress = Settle(entering);
            if (progress)
            {
                rejected.Clear();
            }
            else
            {
                rejected[entering] = 1;
            }
        }

        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            weights[i] = current[i] * pull[i];
            sum += weights[i];
        }

        for (var i = 0; i < count; i++)
        {
            weights[i] /= sum;
        }
    }

    private readonly int MostViolated()
    {
        var total = 0.0;
        for (var i = 0; i < supported; i++)
        {
            total += current[support[i]];
        }

        var worst = -1;
        var violation = 0.0;
        for (var j = 0; j < count; j++)
        {
            if (current[j] > 0 || rejected[j] != 0)
            {
                continue;
            }

            var slack = pull[j];
            for (var i = 0; i < supported; i++)
            {
                slack -= cosines[(j * count) + support[i]] * current[support[i]];
            }

            if (slack > violation && slack > tolerance * (pull[j] + total))
            {
                violation = slack;
                worst = j;
            }
        }

        return worst;
    }

    /// <summary>Takes a vector into the support; false when a combination vanishes, which <see cref="current"/> then is.</summary>
    private bool Enter(int entering)
    {
        while (!Append(entering))
        {
            // The row of the factor that failed holds what solves for the dependence.
            var dependence = target[..supported];
            factor.Slice(supported * count, supported).CopyTo(dependence);
            SolveTransposed(dependence);
            var largest = 1.0;
            foreach (var coefficient in dependence)
            {
                largest = Math.Max(largest, Math.Abs(coefficient));
            }

            var blocking = -1;
            var length = double.PositiveInfinity;
            for (var i = 0; i < supported; i++)
            {
                if (dependence[i] > tolerance * largest && current[support[i]] / dependence[i] < length)
                {
                    length = current[support[i]] / dependence[i];
                    blocking = i;
                }
            }

            if (blocking < 0)
            {
                for (var i = 0; i < supported; i++)
                {
                    current[support[i]] = Math.Max(0, -dependence[i]);
                }

                current[entering] = 1;
                return false;
            }

            for (var i = 0; i < supported; i++)
            {
                current[support[i]] = Math.Max(0, current[support[i]] - (length * dependence[i]));
            }

            current[entering] += length;
            Remove(blocking);
        }

        return true;
    }

    /// <summary>Goes to the best point on the support, dropping vectors whose weight would fall below 0 on the way.</summary>
    /// <returns>Whether the vector that entered has stayed, or another has gone.</returns>
    private bool Settle(int entered)
    {
        var before = supported;
        while (supported > 0)
        {
            var best = target[..supported];
            for (var i = 0; i < supported; i++)
            {
                best[i] = pull[support[i]];
            }

            SolveForward(best);
            SolveTransposed(best);

            var blocking = -1;
            var length = 1.0;
            for (var i = 0; i < supported; i++)
            {
                var from = current[support[i]];
                if (best[i] <= 0 && (from <= 0 || from / (from - best[i]) < length))
                {
                    length = from <= 0 ? 0 : from / (from - best[i]);
                    blocking = i;
                }
            }

            for (var i = 0; i < supported; i++)
            {
                var from = current[support[i]];
                current[support[i]] = blocking < 0 ? best[i] : Math.Max(0, from + (length * (best[i] - from)));
            }

            if (blocking < 0)
            {
                return true;
            }

            var onlyUndone = length == 0 && support[blocking] == entered && supported == before;
            Remove(blocking);
            if (onlyUndone)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Adds a row to the factor; false, with nothing added, when the vector depends on the support.</summary>
    private bool Append(int vector)
    {
        var row = factor.Slice(supported * count, count);
        var rest = 1.0;
        for (var i = 0; i < supported; i++)
        {
            row[i] = cosines[(vector * count) + support[i]];
        }

        SolveForward(row[..supported]);
        foreach (var part in row[..supported])
        {
            rest -= part * part;
        }

        if (rest <= tolerance)
        {
            return false;
        }

        row[supported] = Math.Sqrt(rest);
        support[supported++] = vector;
        return true;
    }

    private void Remove(int place)
    {
        current[support[place]] = 0;
        var last = supported;
        supported = place;
        for (var i = place + 1; i < last; i++)
        {
            if (!Append(support[i]))
            {
                current[support[i]] = 0;
            }
        }
    }

    private readonly void SolveForward(Span<double> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var sum = values[i];
            for (var k = 0; k < i; k++)
            {
                sum -= factor[(i * count) + k] * values[k];
            }

            values[i] = sum / factor[(i * count) + i];
        }
    }

    private readonly void SolveTransposed(Span<double> values)
    {
        for (var i = values.Length - 1; i >= 0; i--)
        {
            var sum = values[i];
            for (var k = i + 1; k < values.Length; k++)
            {
                sum -= factor[(k * count) + i] * values[k];
            }

            values[i] = sum / factor[(i * count) + i];
        }
    }
}
