using Plait.Numerics;

namespace Plait.Data;

/// <summary>Divides rows into parts: at random, with each class in proportion, or by whole groups.</summary>
/// <remarks>The same arguments give the same parts. Row numbers rise within a part.</remarks>
public static class Splits
{
    private const double Rounding = 1e-6;

    /// <summary>Divides rows at random.</summary>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="fractions">The share of each part; positive, summing to 1.</param>
    /// <param name="seed">What chance is drawn from.</param>
    /// <returns>The row numbers of each part.</returns>
    /// <exception cref="ArgumentException">The fractions are not shares of a whole, or a part would be empty.</exception>
    public static IReadOnlyList<long[]> Random(long rows, IReadOnlyList<double> fractions, long seed)
    {
        RequireFractions(fractions);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        var order = Shuffled((int)rows, seed);
        var ends = Ends(rows, fractions);
        var parts = new List<long>[fractions.Count];
        for (var part = 0; part < parts.Length; part++)
        {
            var start = part == 0 ? 0 : ends[part - 1];
            parts[part] = [.. order.Skip((int)start).Take((int)(ends[part] - start)).Select(row => (long)row)];
        }

        return Finish(parts, $"{rows} rows");
    }

    /// <summary>Divides rows at random so that each class is divided in the same proportions, to within one row a class and part.</summary>
    /// <param name="labels">Each row's class; any numbers.</param>
    /// <param name="fractions">The share of each part; positive, summing to 1.</param>
    /// <param name="seed">What chance is drawn from.</param>
    /// <returns>The row numbers of each part.</returns>
    /// <exception cref="ArgumentException">The fractions are not shares of a whole, or a part would be empty.</exception>
    public static IReadOnlyList<long[]> Stratified(
        IReadOnlyList<long> labels,
        IReadOnlyList<double> fractions,
        long seed
    )
    {
        ArgumentNullException.ThrowIfNull(labels);
        RequireFractions(fractions);
        var parts = fractions.Select(_ => new List<long>()).ToArray();
        var owed = new double[parts.Length]; // what rounding has kept from each part so far
        foreach (var rows in Shuffled(labels.Count, seed).GroupBy(row => labels[row]).OrderBy(rows => rows.Key))
        {
            var members = rows.ToArray();
            var counts = Apportion(members.Length, fractions, owed);
            var next = 0;
            for (var part = 0; part < parts.Length; part++)
            {
                parts[part].AddRange(members[next..(next += counts[part])].Select(row => (long)row));
            }
        }

        return Finish(parts, $"{labels.Count} rows");
    }

    /// <summary>Divides rows by whole groups, so that no group is in two parts.</summary>
    /// <remarks>
    /// The groups, in random order, each go to the first part that has room for the whole group; the last part takes what fits
    /// nowhere. Groups larger than half of the smallest part come before the others, so that the first part takes them while
    /// it has room: a small part that one group fills would be of one kind. With small groups the parts come out as asked.
    /// </remarks>
    /// <typeparam name="T">What tells groups apart.</typeparam>
    /// <param name="groups">Each row's group.</param>
    /// <param name="fractions">The share of each part in the rows; positive, summing to 1.</param>
    /// <param name="seed">What chance is drawn from.</param>
    /// <returns>The row numbers of each part.</returns>
    /// <exception cref="ArgumentException">The fractions are not shares of a whole, or a part would be empty.</exception>
    public static IReadOnlyList<long[]> Grouped<T>(IReadOnlyList<T> groups, IReadOnlyList<double> fractions, long seed)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(groups);
        RequireFractions(fractions);
        var members = Enumerable.Range(0, groups.Count).GroupBy(row => groups[row], row => (long)row).ToArray();
        var ends = Ends(groups.Count, fractions);
        var parts = fractions.Select(_ => new List<long>()).ToArray();
        var large = Enumerable.Range(0, fractions.Count).Min(Wanted) / 2;
        foreach (
            var group in Shuffled(members.Length, seed)
                .Select(place => members[place].ToArray())
                .OrderBy(group => group.Length <= large)
        )
        {
            var part = 0;
            while (part < parts.Length - 1 && parts[part].Count + group.Length > Wanted(part))
            {
                part++;
            }

            parts[part].AddRange(group);
        }

        return Finish(parts, $"{members.Length} groups of {groups.Count} rows");

        long Wanted(int part) => ends[part] - (part == 0 ? 0 : ends[part - 1]);
    }

    private static int[] Shuffled(int count, long seed)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        Seeds.Generator(seed).Shuffle(order);
        return order;
    }

    /// <summary>Where each part ends when they follow one another.</summary>
    private static long[] Ends(long rows, IReadOnlyList<double> fractions)
    {
        var ends = new long[fractions.Count];
        var share = 0.0;
        for (var part = 0; part < ends.Length; part++)
        {
            share += fractions[part];
            ends[part] = part == ends.Length - 1 ? rows : (long)Math.Round(share * rows, MidpointRounding.AwayFromZero);
        }

        return ends;
    }

    /// <summary>Whole numbers next to the exact shares; the ones left over go where rounding has kept most back.</summary>
    private static int[] Apportion(int count, IReadOnlyList<double> fractions, double[] owed)
    {
        var counts = fractions.Select(fraction => (int)Math.Floor((count * fraction) + Rounding)).ToArray();
        var rest = fractions.Select((fraction, part) => (count * fraction) - counts[part]).ToArray();
        foreach (
            var part in Enumerable
                .Range(0, counts.Length)
                .Where(part => rest[part] > Rounding)
                .OrderByDescending(part => rest[part] + owed[part])
                .Take(count - counts.Sum())
        )
        {
            counts[part]++;
        }

        for (var part = 0; part < counts.Length; part++)
        {
            owed[part] += (count * fractions[part]) - counts[part];
        }

        return counts;
    }

    private static void RequireFractions(IReadOnlyList<double> fractions)
    {
        ArgumentNullException.ThrowIfNull(fractions);
        if (
            fractions.Count == 0
            || fractions.Any(fraction => !(fraction > 0))
            || Math.Abs(fractions.Sum() - 1) > Rounding
        )
        {
            throw new ArgumentException(
                $"Fractions of a split are positive and sum to 1, such as 0.7, 0.1, 0.2; got {string.Join(", ", fractions)}.",
                nameof(fractions)
            );
        }
    }

    private static IReadOnlyList<long[]> Finish(List<long>[] parts, string whole)
    {
        if (Array.FindIndex(parts, part => part.Count == 0) is >= 0 and var empty)
        {
            throw new ArgumentException(
                $"Part {empty + 1} of {parts.Length} would be empty: {whole} are too few to divide so; give more rows or larger fractions."
            );
        }

        foreach (var part in parts)
        {
            part.Sort();
        }

        return [.. parts.Select(part => part.ToArray())];
    }
}
