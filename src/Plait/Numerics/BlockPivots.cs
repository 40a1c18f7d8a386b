namespace Plait.Numerics;

/// <summary>Guesses the whole support of: minimise u'Cu/2 - d'u over u of 0 and more, and exchanges all wrong guesses at once.</summary>
/// <remarks>
/// Júdice and Pires 1994, <i>A block principal pivoting algorithm for large-scale strictly monotone linear complementarity
/// problems</i>. The first guess is where a few rounds of coordinate descent lead, which leaves one or two factorisations where
/// <see cref="ActiveSet"/> takes as many steps as the support has vectors. It may not end, and needs every guess to be
/// independent: then it gives up, and the active-set method takes over.
/// </remarks>
internal readonly ref struct BlockPivots
{
    private const double Dependent = 1e-8; // a squared sine: what is nearly dependent is the careful method's business
    private const int MostSweeps = 4; // of coordinate descent; more cost as much as the exchanges that they spare
    private const int Patience = 3; // exchanges in a row that may leave more wrong than the best so far; the paper's choice

    private readonly int count;
    private readonly ReadOnlySpan<double> cosines;
    private readonly Span<double> slack; // Cu - d, by vector
    private readonly Span<double> solution; // by place in the support
    private readonly Span<double> system;
    private readonly Span<int> members;
    private readonly Span<int> inside; // 1 for the vectors of the guess, else 0

    public BlockPivots(ReadOnlySpan<double> cosines, Span<double> work, Span<int> indices)
    {
        count = indices.Length / 2;
        this.cosines = cosines;
        slack = work[..count];
        solution = work.Slice(count, count);
        system = work.Slice(2 * count, SupportSystem.WorkSize(count));
        members = indices[..count];
        inside = indices[count..];
    }

    /// <summary>The numbers that problems of this many vectors need as working space.</summary>
    public static int WorkSize(int count) => (2 * count) + SupportSystem.WorkSize(count);

    /// <summary>Solves with C's column of a vector, turned round, as d, and that vector kept out.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="weights">Receives u.</param>
    /// <returns>False, and nothing of use in the weights, when it gives up.</returns>
    public bool SolveFor(int vector, Span<double> weights)
    {
        var products = cosines.Slice(vector * count, count);
        Descend(vector, products, weights);
        var fewest = int.MaxValue;
        for (var patience = Patience; patience >= 0; )
        {
            var support = Gather();
            var fitted = solution[..support.Length];
            if (!SupportSystem.TrySolve(cosines, products, support, fitted, Dependent, system))
            {
                return false;
            }

            var wrong = Exchange(vector, products, support, fitted);
            if (wrong == 0)
            {
                weights.Clear();
                for (var i = 0; i < support.Length; i++)
                {
                    weights[support[i]] = Math.Max(0, fitted[i]);
                }

                return true;
            }

            patience = wrong < fewest ? Patience : patience - 1;
            fewest = Math.Min(fewest, wrong);
        }

        return false;
    }

    /// <summary>Guesses the support: minimises in one weight after the other, a few rounds from weights of 0.</summary>
    private void Descend(int excluded, ReadOnlySpan<double> products, Span<double> weights)
    {
        weights.Clear();
        products.CopyTo(slack);
        inside.Clear();
        var moved = count;
        for (var sweep = 0; sweep < MostSweeps && moved > 0; sweep++)
        {
            moved = 0;
            for (var j = 0; j < count; j++)
            {
                var change = Math.Max(0, weights[j] - slack[j]) - weights[j];
                if (change == 0 || j == excluded)
                {
                    continue;
                }

                weights[j] += change;
                Vectors.AddScaled(slack, change, cosines.Slice(j * count, count));
                var holds = weights[j] > 0 ? 1 : 0;
                moved += inside[j] ^ holds;
                inside[j] = holds;
            }
        }
    }

    private ReadOnlySpan<int> Gather()
    {
        var taken = 0;
        for (var j = 0; j < count; j++)
        {
            members[taken] = j;
            taken += inside[j];
        }

        return members[..taken];
    }

    /// <summary>Takes out what has a weight below 0, and in what would gain by one; says how many that were.</summary>
    private int Exchange(
        int excluded,
        ReadOnlySpan<double> products,
        ReadOnlySpan<int> support,
        ReadOnlySpan<double> fitted
    )
    {
        var total = 1.0;
        products.CopyTo(slack);
        for (var i = 0; i < support.Length; i++)
        {
            total += Math.Abs(fitted[i]);
            Vectors.AddScaled(slack, fitted[i], cosines.Slice(support[i] * count, count));
        }

        var wrong = 0;
        var tolerance = 8 * count * Vectors.Rounding * total;
        for (var i = 0; i < support.Length; i++)
        {
            slack[support[i]] = 0;
            if (fitted[i] < -tolerance)
            {
                inside[support[i]] = 0;
                wrong++;
            }
        }

        for (var j = 0; j < count; j++)
        {
            if (slack[j] < -tolerance && j != excluded)
            {
                inside[j] = 1;
                wrong++;
            }
        }

        return wrong;
    }
}
