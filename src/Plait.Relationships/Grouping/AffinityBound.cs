using Plait.Numerics;

namespace Plait.Relationships.Grouping;

/// <summary>Proves what the total of no more than a number of groups cannot pass, whichever of the 2^T groups they are.</summary>
/// <remarks>
/// <para>
/// A choice of groups with each task served once is a partition, and its linear relaxation is bounded at any prices λ of the tasks by Σ_j λ_j plus the
/// number of groups times the greatest worth of a group (Lagrange; see <see cref="AffinityColumns"/>). That bound is near the
/// best total where the prices are right; what is hard is to prove that no group of all is worth more.
/// </para>
/// <para>
/// First the prices that are right for known groups are tried, and groups worth more than those become known, until none is: column generation, which
/// ends at the linear relaxation of all groups. Where that takes too long, prices at which the relaxation of <see cref="SizeRelaxation"/>
/// itself is least are found, and prices between the two, as near to the right ones as the worth can still be proved.
/// </para>
/// </remarks>
internal sealed class AffinityBound
{
    private const int HeuristicRounds = 40;
    private const int Climbs = 12;
    private const int TighteningSteps = 150;
    private const double ShareOfTightening = 0.2; // of the time that is left
    private const double ShareOfTrial = 0.25;

    private readonly AffinityScore score;
    private readonly int groups;
    private readonly AffinityColumns columns;
    private readonly GroupPricing pricing;
    private readonly SizeRelaxation[] sizes;
    private readonly Random random;
    private readonly bool[] served;

    private double[] right = [];
    private double total;
    private double best = double.PositiveInfinity;

    public AffinityBound(AffinityScore score, int groups, long seed)
    {
        (this.score, this.groups) = (score, groups);
        columns = new AffinityColumns(score, groups);
        pricing = new GroupPricing(score, score.Tolerance / 10);
        sizes = [.. Enumerable.Range(2, score.Count - 1).Select(size => new SizeRelaxation(score, size))];
        random = Seeds.Generator(seed, -1);
        served = new bool[score.Count];
    }

    /// <summary>The groups that are known.</summary>
    public IEnumerable<ulong> Known => columns.Known;

    /// <summary>Finds prices that are right for known groups, and groups that are worth more at these, which are known then.</summary>
    /// <param name="reached">The total of groups that are known.</param>
    /// <param name="seen">Groups worth knowing, among them those.</param>
    /// <param name="deadline">A share of what is left of it is taken.</param>
    public void Prepare(double reached, IEnumerable<ulong> seen, Deadline deadline)
    {
        total = reached;
        foreach (var group in seen)
        {
            columns.Add(group);
        }

        right = RightPrices(deadline.Part(ShareOfTrial));
    }

    /// <summary>Proves for as long as there is time, or until the bound meets the total; after <see cref="Prepare"/>.</summary>
    /// <param name="reached">The total to meet, that of then or a greater one.</param>
    /// <param name="deadline">Ends it.</param>
    public double Prove(double reached, Deadline deadline)
    {
        total = reached;
        best = Math.Max(total, Widest(right, out _));
        if (!Generate(right, deadline.Part(ShareOfTrial)) && !IsMet)
        {
            var loose = LoosePrices(right, deadline.Part(ShareOfTightening));
            Approach(loose, right, deadline);
        }

        return best;
    }

    /// <summary>Whether the bound is that of the total, but for rounding.</summary>
    public bool IsMet => best <= total + (score.Tolerance * score.Count);

    /// <summary>Prices for the known groups, and for those that climbing finds.</summary>
    private double[] RightPrices(Deadline deadline)
    {
        var prices = new double[score.Count];
        Array.Fill(prices, total / score.Count);
        for (var round = 0; round < HeuristicRounds && !deadline.HasPassed(); round++)
        {
            columns.Settle(prices, total);
            ulong[] known = [.. columns.Known];
            var added = false;
            for (var climb = 0; climb < Climbs; climb++)
            {
                var start =
                    climb < Climbs / 2
                        ? known[random.Next(known.Length)] ^ (1ul << random.Next(score.Count))
                        : Enumerable
                            .Range(0, 2 + random.Next(score.Count / 2))
                            .Aggregate(0ul, (set, _) => set | (1ul << random.Next(score.Count)));
                added |= columns.Add(columns.Climb(start, prices));
            }

            if (!added)
            {
                break;
            }
        }

        return prices;
    }

    /// <summary>Prices exactly, makes known what is worth more, and prices again; true where nothing was left to find.</summary>
    private bool Generate(double[] prices, Deadline deadline)
    {
        while (!deadline.HasPassed())
        {
            Tighten(prices, deadline);
            Price(prices, deadline);
            if (IsMet || !pricing.IsComplete)
            {
                return IsMet;
            }

            var added = false;
            foreach (var group in pricing.Found)
            {
                added |= columns.Add(group);
            }

            if (!added)
            {
                return true;
            }

            columns.Settle(prices, total);
        }

        return false;
    }

    private void Price(double[] prices, Deadline deadline)
    {
        var worth = pricing.Bound(sizes, prices, columns.Best(prices), deadline);
        best = Math.Min(best, prices.Sum() + (groups * worth));
    }

    /// <summary>Lowers the relaxation of every size at given prices, where it is above what groups are worth.</summary>
    private void Tighten(double[] prices, Deadline deadline)
    {
        var known = columns.Best(prices);
        foreach (var size in sizes)
        {
            var (least, step, patience) = (double.PositiveInfinity, 1.0, 8);
            var saved = size.Save();
            for (var round = 0; round < TighteningSteps && !deadline.HasPassed(); round++)
            {
                var root = size.Evaluate(prices);
                if (root < least - (1e-9 * score.Scale))
                {
                    (least, saved, patience) = (root, size.Save(), 8);
                }
                else if (--patience == 0)
                {
                    (step, patience) = (step * 0.6, 8);
                }

                if (least <= known)
                {
                    break;
                }

                size.Step(served, known, step);
            }

            size.Restore(saved);
            size.Evaluate(prices);
        }
    }

    /// <summary>The bound by the relaxation alone, and the size for which that is greatest.</summary>
    private double Widest(double[] prices, out SizeRelaxation widest)
    {
        widest = sizes.MaxBy(size => size.Evaluate(prices))!;
        var alone = Enumerable.Range(0, prices.Length).Max(task => score.Alone(task) - prices[task]);
        return prices.Sum() + (groups * Math.Max(0, Math.Max(alone, widest.Root)));
    }

    /// <summary>Prices at which the relaxation, of whatever size it is greatest, gives the least bound.</summary>
    private double[] LoosePrices(double[] start, Deadline deadline)
    {
        var prices = (double[])start.Clone();
        var kept = (double[])start.Clone();
        var (least, step, patience) = (double.PositiveInfinity, 1.0, 30);
        while (!deadline.HasPassed())
        {
            var bound = Widest(prices, out var widest);
            if (bound < least)
            {
                prices.CopyTo(kept, 0);
                (least, patience) = (bound, 30);
            }
            else if (--patience == 0)
            {
                kept.CopyTo(prices, 0);
                (step, patience) = (step * 0.7, 30);
                continue;
            }

            var target = (total - prices.Sum()) / groups;
            foreach (var size in sizes.Where(size => size.Root > 0.75 * widest.Root && size != widest))
            {
                size.Step(served, target, step / 2);
            }

            widest.Step(served, target, step / 2);
            var descent = Array.ConvertAll(served, isServed => isServed ? 1.0 - groups : 1.0);
            var stride = 0.3 * step * (bound - total) / descent.Sum(d => d * d);
            for (var task = 0; task < prices.Length; task++)
            {
                prices[task] -= stride * descent[task];
            }
        }

        best = Math.Min(best, Math.Max(least, total));
        return kept;
    }

    /// <summary>Tries prices ever nearer to the right ones as long as the worth can be proved in a share of the time.</summary>
    private void Approach(double[] loose, double[] right, Deadline deadline)
    {
        var (proved, unproved) = (0.0, 1.0);
        for (var share = 0.0; !deadline.HasPassed() && !IsMet; share = (proved + unproved) / 2)
        {
            double[] prices = [.. loose.Zip(right, (from, to) => from + (share * (to - from)))];
            var trial = deadline.Part(share == 0 ? 2 * ShareOfTrial : ShareOfTrial);
            Tighten(prices, trial);
            Price(prices, trial);
            if (pricing.IsComplete)
            {
                proved = share;
            }
            else if (share == 0)
            {
                Price(prices, deadline);
                return;
            }
            else
            {
                unproved = share;
            }
        }
    }
}
