namespace Plait.Numerics;

/// <summary>Minimises u'Cu/2 - d'u over u of 0 and more for unit vectors' inner products C, or finds the ray along which it falls for ever.</summary>
/// <remarks>
/// <para>Lawson and Hanson 1974, <i>Solving least squares problems</i>, chapter 23. The vectors with a weight above 0 (the support) stay
/// linearly independent. A vector that depends on the support enters along the combination that vanishes: the objective falls
/// linearly on it until a weight reaches 0 and its vector leaves, or, when none does, without end. Whatever weights one problem
/// left are a start for the next one with another d.</para>
/// <para>Dependence is a matter of rounding. Where a ray means something, a combination vanishes when it is no longer than the rounding
/// of its terms. Where a minimum is known to exist, the least independence is used, since what a vector would lose otherwise is
/// the square root of that.</para>
/// </remarks>
internal ref partial struct ActiveSet
{
    private const double Rounding = 2.220446049250313e-16; // the distance of 1 to the next double
    private const double Independent = 2 * Rounding; // a vector's square beside the support, relative to the terms that leave it
    private const double Vanishing = 16 * Rounding; // the square of a combination, relative to its terms
    private const double Indifferent = 1e-12; // a relative change of the objective that may be rounding
    private const int StepsPerVector = 10; // far above what is seen; a bound against cycling by rounding

    private readonly int count;
    private readonly double tolerance; // relative to the terms of a sum
    private readonly ReadOnlySpan<double> cosines;
    private readonly Span<double> pull; // d
    private readonly Span<double> current; // u, by vector
    private readonly Span<double> slack; // d - Cu, by vector
    private readonly Span<double> target; // by place in the support
    private readonly Span<int> rejected; // 1 where entering did not help since the last progress, 2 where it is forbidden
    private readonly Span<double> kept; // u where the last step that was worth it had led
    private readonly Span<double> keptSlack;
    private readonly Span<int> keptMembers;
    private int keptCount;
    private double reached; // minus twice the objective there
    private double lacking; // the largest violation there
    private double keptTotal;
    private double total; // of the present weights
    private SupportFactor factor;

    /// <summary>Prepares problems over some vectors.</summary>
    /// <param name="cosines">Their inner products, row by row; 1 on the diagonal.</param>
    /// <param name="work">As many numbers as <see cref="WorkSize"/> says.</param>
    /// <param name="indices">Three times as many as vectors.</param>
    public ActiveSet(ReadOnlySpan<double> cosines, Span<double> work, Span<int> indices)
    {
        count = indices.Length / 3;
        tolerance = 8 * count * Rounding;
        this.cosines = cosines;
        pull = work[..count];
        current = work.Slice(count, count);
        slack = work.Slice(2 * count, count);
        target = work.Slice(3 * count, count);
        kept = work.Slice(4 * count, count);
        keptSlack = work.Slice(5 * count, count);
        factor = new(cosines, work.Slice(6 * count, SupportFactor.WorkSize(count)), indices[..count]);
        rejected = indices.Slice(count, count);
        keptMembers = indices[(2 * count)..];
        Restart();
    }

    /// <summary>The numbers that problems of this many vectors need as working space.</summary>
    public static int WorkSize(int count) => (6 * count) + SupportFactor.WorkSize(count);

    /// <summary>The d of the next problem, by vector.</summary>
    public readonly Span<double> Pull => pull;

    /// <summary>The u of the last problem, by vector; the ray where it had no minimum.</summary>
    public readonly ReadOnlySpan<double> Weights => current;

    /// <summary>The vectors with a weight above 0.</summary>
    public readonly ReadOnlySpan<int> Support => factor.Members;

    /// <summary>Whether the last problem ended with another support than it began with.</summary>
    public bool Moved { get; private set; }

    /// <summary>Forgets the last problem.</summary>
    public void Restart()
    {
        factor.Clear();
        current.Clear();
        rejected.Clear();
    }

    /// <summary>Keeps one vector out, and lets others in that were kept out before.</summary>
    public void Exclude(int vector)
    {
        rejected.Clear();
        rejected[vector] = 2;
        var place = factor.Members.IndexOf(vector);
        if (place >= 0)
        {
            Remove(place);
        }
    }

    /// <summary>Divides the support's factor out of values by place in the support.</summary>
    public readonly void SolveForward(Span<double> values) => factor.SolveForward(values);

    /// <summary>Solves for the present <see cref="Pull"/>, from the last problem's weights.</summary>
    /// <param name="bounded">Whether a minimum is known to exist, so that what looks like a ray is rounding.</param>
    /// <returns>False when there is no minimum.</returns>
    public bool Solve(bool bounded)
    {
        Moved = false;
        Forgive();
        reached = Settle();
        Keep(Measure());
        for (var step = 0; step < StepsPerVector * count; step++)
        {
            var entering = MostViolated();
            if (entering < 0)
            {
                break;
            }

            Moved = true;
            if (!Enter(entering, bounded) && !bounded)
            {
                return false;
            }

            Judge(entering, Settle(), Measure());
        }

        return true;
    }

    /// <summary>Keeps a step that led down, and takes back one that rounding led up; either way no vector enters twice for nothing.</summary>
    /// <remarks>
    /// Next to the minimum the objective is flat, and the difference of two values has no digits where what a vector lacks, the square
    /// root of it, has eight. The fall is then told from what the weights change by, times what the vectors lack on the way.
    /// Where that is rounding too, the point counts at which least is lacking.
    /// </remarks>
    private void Judge(int entered, double value, double violation)
    {
        var flat = value <= reached * (1 + Indifferent) && value >= reached * (1 - Indifferent);
        if (flat ? Falls() : value > reached)
        {
            Forgive();
            reached = value;
            Keep(violation);
            return;
        }

        rejected[entered] = 1;
        if (flat && violation < lacking)
        {
            reached = value;
            Keep(violation);
            return;
        }

        kept.CopyTo(current);
        factor.Clear();
        foreach (var member in keptMembers[..keptCount])
        {
            if (!factor.Append(member, 0))
            {
                factor.AppendAnyway(member, Vanishing);
            }
        }

        Measure();
    }

    /// <summary>Whether the objective is smaller than where the last step that was worth it had led, for certain.</summary>
    private readonly bool Falls()
    {
        var (gain, noise) = (0.0, 0.0);
        var size = Math.Max(total, keptTotal);
        for (var j = 0; j < count; j++)
        {
            var change = current[j] - kept[j];
            gain += change * (slack[j] + keptSlack[j]);
            noise += Math.Abs(change) * tolerance * (Math.Abs(pull[j]) + size);
        }

        return gain > noise;
    }

    private void Keep(double violation)
    {
        (lacking, keptTotal) = (violation, total);
        slack.CopyTo(keptSlack);
        current.CopyTo(kept);
        keptCount = factor.Count;
        factor.Members.CopyTo(keptMembers);
    }

    private readonly void Forgive()
    {
        foreach (ref var mark in rejected)
        {
            mark &= 2;
        }
    }

    /// <summary>Finds what each vector lacks at the present weights.</summary>
    /// <returns>The largest violation of the conditions of optimality, of those that may still be met, over the size of its terms.</returns>
    private double Measure()
    {
        pull.CopyTo(slack);
        total = 0;
        foreach (var member in factor.Members)
        {
            total += current[member];
            Vectors.AddScaled(slack, -current[member], cosines.Slice(member * count, count));
        }

        var (largest, size) = (0.0, total);
        for (var j = 0; j < count; j++)
        {
            largest = rejected[j] == 2 ? largest : Math.Max(largest, current[j] > 0 ? Math.Abs(slack[j]) : slack[j]);
            size = Math.Max(size, Math.Abs(pull[j]));
        }

        return largest == 0 ? 0 : largest / size;
    }

    private readonly int MostViolated()
    {
        var worst = -1;
        var violation = 0.0;
        for (var j = 0; j < count; j++)
        {
            if (
                slack[j] > violation
                && slack[j] > tolerance * (Math.Abs(pull[j]) + total)
                && rejected[j] == 0
                && current[j] <= 0
            )
            {
                violation = slack[j];
                worst = j;
            }
        }

        return worst;
    }

    /// <summary>Goes to the best point on the support, dropping vectors whose weight would fall below 0 on the way.</summary>
    /// <returns>Minus twice the objective there.</returns>
    private double Settle()
    {
        while (factor.Count > 0)
        {
            var members = factor.Members;
            var best = target[..members.Length];
            for (var i = 0; i < best.Length; i++)
            {
                best[i] = pull[members[i]];
            }

            factor.SolveForward(best);
            var value = Vectors.Dot(best, best);
            factor.SolveTransposed(best);

            var blocking = -1;
            var length = 1.0;
            for (var i = 0; i < best.Length; i++)
            {
                var from = current[members[i]];
                if (best[i] <= 0 && (from <= 0 || from / (from - best[i]) < length))
                {
                    length = from <= 0 ? 0 : from / (from - best[i]);
                    blocking = i;
                }
            }

            for (var i = 0; i < best.Length; i++)
            {
                var from = current[members[i]];
                current[members[i]] = blocking < 0 ? best[i] : Math.Max(0, from + (length * (best[i] - from)));
            }

            if (blocking < 0)
            {
                return value;
            }

            Remove(blocking);
        }

        return 0;
    }

    private void Remove(int place)
    {
        Moved = true;
        current[factor.Members[place]] = 0;
        factor.Remove(place);
    }
}
