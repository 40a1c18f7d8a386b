namespace Plait.Relationships.Grouping;

/// <summary>Finds the group that is worth most at prices of tasks, or a bound for its worth.</summary>
/// <remarks>
/// Best-first branch and bound over all sizes at once: the partial group with the greatest bound is taken, and its most promising open task is served
/// by the group, helps in it or stays out. So the greatest bound left falls all the time and holds whenever the search is stopped.
/// </remarks>
internal sealed class GroupPricing
{
    private const int LooksApart = 256;
    private const int MostOpen = 2_000_000; // partial groups, 40 bytes each

    private readonly AffinityScore score;
    private readonly double tolerance;
    private readonly PriorityQueue<(PartialGroup Group, int Size), double> open = new();

    /// <param name="score">What tasks score in groups.</param>
    /// <param name="tolerance">Worths are the same up to this.</param>
    public GroupPricing(AffinityScore score, double tolerance) => (this.score, this.tolerance) = (score, tolerance);

    /// <summary>The groups that were found to be worth more than any known, in the order of their worth.</summary>
    public List<ulong> Found { get; } = [];

    /// <summary>Whether nothing is worth more than what was known or found.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Searches.</summary>
    /// <param name="sizes">One for every size from 2, evaluated at the prices.</param>
    /// <param name="prices">One a task.</param>
    /// <param name="known">The worth of a group that is known; 0 at least.</param>
    /// <param name="deadline">Ends the search.</param>
    /// <returns>What no group is worth more than.</returns>
    public double Bound(IReadOnlyList<SizeRelaxation> sizes, double[] prices, double known, Deadline deadline)
    {
        open.Clear();
        Found.Clear();
        for (var task = 0; task < score.Count; task++)
        {
            known = Math.Max(known, score.Alone(task) - prices[task]);
        }

        for (var i = 0; i < sizes.Count; i++)
        {
            Open(new PartialGroup(0, 0, ulong.MaxValue >> (64 - score.Count)), i, sizes[i].Root);
        }

        for (var round = 0; open.TryPeek(out _, out var key); round++)
        {
            if (round % LooksApart == 0 && (deadline.HasPassed() || open.Count > MostOpen))
            {
                IsComplete = false;
                return -key;
            }

            var (group, size) = open.Dequeue();
            if (-key <= known + tolerance)
            {
                break; // so are all others
            }

            sizes[size].Bound(group, out var next);
            var (serving, helped, without) = group.Decide(next);
            Look(serving);
            Look(helped);
            Look(without);

            void Look(PartialGroup part)
            {
                var bound = Math.Min(-key, sizes[size].Bound(part, out var more));
                if (more >= 0)
                {
                    Open(part, size, bound);
                }
                else if (bound > known + tolerance)
                {
                    known = bound;
                    Found.Add(part.Served | part.Helping);
                }
            }
        }

        IsComplete = true;
        return known + tolerance;

        void Open(PartialGroup part, int size, double bound)
        {
            if (bound > known + tolerance)
            {
                open.Enqueue((part, size), -bound);
            }
        }
    }
}
