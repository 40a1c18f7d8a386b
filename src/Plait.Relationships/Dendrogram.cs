namespace Plait.Relationships;

/// <summary>Two groups that become one.</summary>
/// <param name="First">The group that holds the thing of the lowest number: below the count of things a thing, else the merge of that number less the count.</param>
/// <param name="Second">The other group, numbered likewise.</param>
/// <param name="Height">How far apart the two were; never less than the heights of the merges that made them.</param>
/// <param name="Size">How many things the new group holds.</param>
public sealed record Merge(int First, int Second, double Height, int Size);

/// <summary>A tree of things: the nearest groups join first, until one is left.</summary>
/// <remarks>
/// Agglomerative clustering with the distances kept up by Lance and Williams 1967, <i>A General Theory of Classificatory Sorting
/// Strategies</i>, equation 1. Among equally near pairs of groups the one joins first whose lowest things come first, so that
/// the tree is a function of the distances alone.
/// </remarks>
public sealed class Dendrogram
{
    private Dendrogram(IReadOnlyList<string> names, IReadOnlyList<Merge> merges, Linkage linkage)
    {
        Names = names;
        Merges = merges;
        Linkage = linkage;
        Leaves = Ordered(names.Count, merges);
    }

    /// <summary>The names of the things, in the order in which they are numbered.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The merges in the order in which they happen, one fewer than things; heights never fall.</summary>
    public IReadOnlyList<Merge> Merges { get; }

    /// <summary>What was taken as the distance between groups.</summary>
    public Linkage Linkage { get; }

    /// <summary>The numbers of all things, ordered so that a drawing of the tree has no crossing lines.</summary>
    public IReadOnlyList<int> Leaves { get; }

    /// <summary>Builds the tree of things whose distances are known.</summary>
    /// <param name="names">At least one name.</param>
    /// <param name="distances">Things x things, symmetric, finite, not negative; the diagonal is not read.</param>
    /// <param name="linkage">What the distance between groups is.</param>
    /// <exception cref="ArgumentException">The sizes do not fit, or a distance is negative, not finite or not the same both ways.</exception>
    public static Dendrogram Of(IReadOnlyList<string> names, double[,] distances, Linkage linkage = Linkage.Average)
    {
        Require(names, distances);
        var count = names.Count;
        var apart = (double[,])distances.Clone();
        if (linkage == Linkage.Ward)
        {
            Raise(apart);
        }

        // A group lives in the slot of its lowest thing.
        var slots = Enumerable.Range(0, count).ToList();
        var groups = slots.ToArray();
        var sizes = Enumerable.Repeat(1, count).ToArray();
        var merges = new List<Merge>(count - 1);
        var floor = 0.0;
        while (slots.Count > 1)
        {
            var (a, b) = Nearest(slots, apart);
            var nearest = apart[a, b];
            slots.Remove(b);
            foreach (var other in slots)
            {
                if (other != a)
                {
                    apart[a, other] = apart[other, a] = Joined(
                        linkage,
                        (apart[a, other], sizes[a]),
                        (apart[b, other], sizes[b]),
                        nearest,
                        sizes[other]
                    );
                }
            }

            // Heights rise for these four linkages; rounding must not make them fall.
            floor = Math.Max(floor, linkage == Linkage.Ward ? Math.Sqrt(nearest) : nearest);
            sizes[a] += sizes[b];
            merges.Add(new Merge(groups[a], groups[b], floor, sizes[a]));
            groups[a] = count + merges.Count - 1;
        }

        return new Dendrogram([.. names], merges, linkage);
    }

    /// <summary>Builds the tree of tasks that affect each other.</summary>
    /// <param name="affinities">Greater is nearer. The distance of two tasks is the greatest affinity of any pair, less theirs; a pair's affinity is the mean of both directions.</param>
    /// <param name="linkage">What the distance between groups is.</param>
    public static Dendrogram Of(AffinityMatrix affinities, Linkage linkage = Linkage.Average)
    {
        ArgumentNullException.ThrowIfNull(affinities);
        var pairs = affinities.Symmetrized();
        var distances = new double[pairs.Count, pairs.Count];
        var greatest = double.NegativeInfinity;
        for (var i = 0; i < pairs.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                greatest = Math.Max(greatest, pairs[i, j]);
            }
        }

        for (var i = 0; i < pairs.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                distances[i, j] = distances[j, i] = greatest - pairs[i, j];
            }
        }

        return Of(pairs.Tasks, distances, linkage);
    }

    /// <summary>Undoes the last merges, so that a number of groups is left.</summary>
    /// <param name="groups">From 1 to the count of things.</param>
    /// <returns>For each thing the number of its group; groups are numbered from 0 in the order of their lowest things.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There cannot be that many groups.</exception>
    public int[] Cut(int groups)
    {
        var count = Names.Count;
        if (groups < 1 || groups > count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(groups),
                groups,
                $"{count} things make 1 to {count} groups; got {groups}."
            );
        }

        var parent = Enumerable.Range(0, count + Merges.Count).ToArray();
        for (var i = 0; i < count - groups; i++)
        {
            parent[Merges[i].First] = parent[Merges[i].Second] = count + i;
        }

        var numbers = new Dictionary<int, int>();
        var result = new int[count];
        for (var thing = 0; thing < count; thing++)
        {
            var root = thing;
            while (parent[root] != root)
            {
                root = parent[root];
            }

            if (!numbers.TryGetValue(root, out result[thing]))
            {
                result[thing] = numbers.Count;
                numbers.Add(root, result[thing]);
            }
        }

        return result;
    }

    /// <summary>The things of a group, in the order of <see cref="Leaves"/>.</summary>
    /// <param name="group">Numbered as in <see cref="Merge"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such group.</exception>
    public IReadOnlyList<int> Members(int group)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(group);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(group, Names.Count + Merges.Count);
        return Below(group, Names.Count, Merges);
    }

    private static List<int> Ordered(int count, IReadOnlyList<Merge> merges) =>
        Below(count + merges.Count - 1, count, merges);

    private static List<int> Below(int group, int count, IReadOnlyList<Merge> merges)
    {
        var leaves = new List<int>();
        var open = new Stack<int>([group]);
        while (open.TryPop(out var next))
        {
            if (next < count)
            {
                leaves.Add(next);
                continue;
            }

            open.Push(merges[next - count].Second);
            open.Push(merges[next - count].First);
        }

        return leaves;
    }

    private static (int A, int B) Nearest(List<int> slots, double[,] apart)
    {
        var (a, b) = (slots[0], slots[1]);
        for (var i = 0; i < slots.Count; i++)
        {
            for (var j = i + 1; j < slots.Count; j++)
            {
                if (apart[slots[i], slots[j]] < apart[a, b])
                {
                    (a, b) = (slots[i], slots[j]);
                }
            }
        }

        return (a, b);
    }

    private static double Joined(
        Linkage linkage,
        (double Apart, double Size) a,
        (double Apart, double Size) b,
        double between,
        double other
    ) =>
        linkage switch
        {
            Linkage.Single => Math.Min(a.Apart, b.Apart),
            Linkage.Complete => Math.Max(a.Apart, b.Apart),
            Linkage.Average => ((a.Size * a.Apart) + (b.Size * b.Apart)) / (a.Size + b.Size),
            Linkage.Ward => (((a.Size + other) * a.Apart) + ((b.Size + other) * b.Apart) - (other * between))
                / (a.Size + b.Size + other),
            _ => throw new ArgumentOutOfRangeException(nameof(linkage), linkage, "No such linkage."),
        };

    private static void Raise(double[,] distances)
    {
        for (var i = 0; i < distances.GetLength(0); i++)
        {
            for (var j = 0; j < distances.GetLength(1); j++)
            {
                distances[i, j] *= distances[i, j];
            }
        }
    }

    private static void Require(IReadOnlyList<string> names, double[,] distances)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(distances);
        var count = names.Count;
        if (count == 0)
        {
            throw new ArgumentException("A tree needs one thing at least; got none.", nameof(names));
        }

        if (distances.GetLength(0) != count || distances.GetLength(1) != count)
        {
            throw new ArgumentException(
                $"{count} things have {count} x {count} distances; got {distances.GetLength(0)} x {distances.GetLength(1)}.",
                nameof(distances)
            );
        }

        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (!double.IsFinite(distances[i, j]) || distances[i, j] < 0 || distances[i, j] != distances[j, i])
                {
                    throw new ArgumentException(
                        $"The distance of '{names[i]}' and '{names[j]}' is {distances[i, j]} one way and {distances[j, i]} the other; it must be one finite number, not negative.",
                        nameof(distances)
                    );
                }
            }
        }
    }
}
