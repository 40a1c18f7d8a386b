namespace Plait.Numerics;

/// <summary>Guesses the whole support of: minimise u'Cu/2 - d'u over u of 0 and more, and exchanges all wrong guesses at once.</summary>
/// <remarks>
/// Júdice and Pires 1994, <i>A block principal pivoting algorithm for large-scale strictly monotone linear complementarity
/// problems</i>. A few factorisations do what takes <see cref="ActiveSet"/> as many steps as the support has vectors. It may
/// not end, and needs every guess to be independent: then it gives up, and the active-set method takes over.
/// </remarks>
internal ref struct BlockPivots
{
    private const double Rounding = 2.220446049250313e-16; // the distance of 1 to the next double
    private const int New = 1;
    private const int Held = 2;
    private const int Patience = 3; // exchanges in a row that may leave more wrong than the best so far; the paper's choice

    private readonly int count;
    private readonly ReadOnlySpan<double> cosines;
    private readonly Span<double> slack; // d - Cu, by vector
    private readonly Span<double> solution; // by place in the support
    private readonly Span<int> inside; // of the vectors of the guess: whether the factor has them; else 0
    private SupportFactor factor;

    public BlockPivots(ReadOnlySpan<double> cosines, Span<double> work, Span<int> indices)
    {
        count = indices.Length / 2;
        this.cosines = cosines;
        slack = work[..count];
        solution = work.Slice(count, count);
        factor = new(cosines, work.Slice(2 * count, SupportFactor.WorkSize(count)), indices[..count]);
        inside = indices[count..];
    }

    /// <summary>The numbers that problems of this many vectors need as working space.</summary>
    public static int WorkSize(int count) => (2 * count) + SupportFactor.WorkSize(count);

    /// <summary>Solves with C's column of a vector, turned round, as d, and that vector kept out; starts from those it conflicts with.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="weights">Receives u.</param>
    /// <returns>False, and nothing in the weights, when it gives up.</returns>
    public bool SolveFor(int vector, Span<double> weights)
    {
        var products = cosines.Slice(vector * count, count);
        for (var i = 0; i < count; i++)
        {
            inside[i] = products[i] < 0 ? New : 0;
        }

        var fewest = int.MaxValue;
        for (var patience = Patience; patience >= 0; )
        {
            if (!Fit(products))
            {
                break;
            }

            var wrong = Exchange(vector, products);
            if (wrong == 0)
            {
                weights.Clear();
                for (var i = 0; i < factor.Count; i++)
                {
                    weights[factor.Members[i]] = Math.Max(0, solution[i]);
                }

                return true;
            }

            patience = wrong < fewest ? Patience : patience - 1;
            fewest = Math.Min(fewest, wrong);
        }

        factor.Clear(); // whoever takes over uses the same space
        return false;
    }

    /// <summary>Finds the best weights of the guess, whatever their sign; false when its vectors depend on each other.</summary>
    private bool Fit(ReadOnlySpan<double> products)
    {
        Trim();
        for (var i = 0; i < count; i++)
        {
            if (inside[i] == New)
            {
                if (!factor.Append(i, 1e-8)) // nearly dependent: the careful method's business
                {
                    return false;
                }

                inside[i] = Held;
            }
        }

        for (var i = 0; i < factor.Count; i++)
        {
            solution[i] = -products[factor.Members[i]];
        }

        var best = solution[..factor.Count];
        factor.SolveForward(best);
        factor.SolveTransposed(best);
        return true;
    }

    /// <summary>Lets go what the guess has no longer, or everything where that is most.</summary>
    private void Trim()
    {
        var stale = 0;
        foreach (var member in factor.Members)
        {
            stale += inside[member] == 0 ? 1 : 0;
        }

        if (3 * stale > factor.Count)
        {
            factor.Clear();
            foreach (ref var place in inside)
            {
                place = Math.Min(place, New);
            }
        }

        for (var i = factor.Count - 1; i >= 0; i--)
        {
            var member = factor.Members[i];
            if (inside[member] == 0)
            {
                factor.Remove(i);
            }
            else
            {
                inside[member] = Held;
            }
        }
    }

    /// <summary>Takes out what has a weight below 0, and in what would gain by one; says how many that were.</summary>
    private readonly int Exchange(int excluded, ReadOnlySpan<double> products)
    {
        var total = 1.0;
        products.CopyTo(slack);
        for (var i = 0; i < factor.Count; i++)
        {
            total += Math.Abs(solution[i]);
            Vectors.AddScaled(slack, solution[i], cosines.Slice(factor.Members[i] * count, count));
        }

        var wrong = 0;
        var tolerance = 8 * count * Rounding * total;
        for (var i = 0; i < factor.Count; i++)
        {
            if (solution[i] < -tolerance)
            {
                inside[factor.Members[i]] = 0;
                wrong++;
            }

            slack[factor.Members[i]] = 0;
        }

        for (var j = 0; j < count; j++)
        {
            if (slack[j] < -tolerance && j != excluded)
            {
                inside[j] = New;
                wrong++;
            }
        }

        return wrong;
    }
}
