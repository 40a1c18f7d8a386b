namespace Plait.Optimization.MultiObjective.ParetoFront;

/// <summary>Sets of preferences to train or to ask along a front, and the rays of losses that belong to them.</summary>
public static class PreferenceVectors
{
    /// <summary>Unit vectors of two numbers at equal angles from the first axis to the second, as Pareto MTL has them.</summary>
    /// <param name="count">How many; 1 gives the diagonal.</param>
    /// <param name="margin">The angle that is left free at both axes, in radians, from 0 to below π/4.</param>
    public static IReadOnlyList<double[]> Circle(int count, double margin = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (!(margin >= 0 && margin < Math.PI / 4))
        {
            throw new ArgumentOutOfRangeException(nameof(margin), margin, "The margin is from 0 to below π/4.");
        }

        var step = count == 1 ? 0 : ((Math.PI / 2) - (2 * margin)) / (count - 1);
        var first = count == 1 ? Math.PI / 4 : margin;
        return [.. Enumerable.Range(0, count).Select(i => OnCircle(first + (i * step)))];
    }

    private static double[] OnCircle(double angle) =>
        angle == 0 ? [1, 0]
        : angle >= Math.PI / 2 ? [0, 1]
        : [Math.Cos(angle), Math.Sin(angle)];

    /// <summary>All shares with sum 1 that are multiples of 1 / divisions (Das and Dennis 1998), the first task's falling.</summary>
    /// <param name="tasks">Numbers a vector; 1 or more.</param>
    /// <param name="divisions">Steps from 0 to 1; 1 or more.</param>
    public static IReadOnlyList<double[]> Lattice(int tasks, int divisions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tasks, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(divisions, 1);
        return [.. Parts(tasks, divisions).Select(parts => parts.Select(part => (double)part / divisions).ToArray())];
    }

    /// <summary>Evenly spread shares with sum 1, none of them 0: at equal angles for two tasks, on a lattice drawn towards its middle for more.</summary>
    /// <param name="tasks">Numbers a vector; 2 or more.</param>
    /// <param name="count">How many at least: a lattice has 3, 6, 10, 15, ... points for three tasks, and the next such number is taken.</param>
    public static IReadOnlyList<double[]> Spread(int tasks, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tasks, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (tasks == 2)
        {
            return [.. Circle(count, Math.PI / 20).Select(Shares)];
        }

        if (count == 1)
        {
            return
            [
                [.. Enumerable.Repeat(1.0 / tasks, tasks)],
            ];
        }

        const double Room = 0.1; // how far the lattice is drawn to its middle
        return [.. LatticeOfAtLeast(tasks, count).Select(point => Inwards(point, Room))];
    }

    /// <summary>The smallest lattice of so many points or more.</summary>
    /// <param name="tasks">Numbers a vector; 2 or more.</param>
    /// <param name="count">How many points at least.</param>
    public static IReadOnlyList<double[]> LatticeOfAtLeast(int tasks, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tasks, 2);
        return Lattice(tasks, DivisionsFor(tasks, count));
    }

    /// <summary>The ray of losses on which every preference times its loss is the same: the inverse of the preference, of length 1.</summary>
    /// <param name="preference">Numbers of 0 or more, not all 0; where some are 0 the ray has only those tasks' losses.</param>
    public static double[] RayOf(ReadOnlySpan<double> preference)
    {
        return UnitOf(Inverse(preference.ToArray()));
    }

    /// <summary>The preference, with sum 1, whose ray of losses is given.</summary>
    /// <param name="ray">Numbers of 0 or more, not all 0.</param>
    public static double[] OfRay(ReadOnlySpan<double> ray) => Shares(Inverse(ray.ToArray()));

    /// <summary>A vector of length 1 in the direction of one that is not 0.</summary>
    internal static double[] UnitOf(double[] vector)
    {
        var norm = Math.Sqrt(vector.Sum(value => value * value));
        return [.. vector.Select(value => value / norm)];
    }

    private static double[] Inverse(double[] values)
    {
        if (values.Length == 0 || values.Any(value => !(value >= 0) || double.IsInfinity(value)) || values.Max() == 0)
        {
            throw new ArgumentException(
                $"A preference or a ray has numbers of 0 or more, not all 0; got {string.Join(", ", values)}."
            );
        }

        var smallest = values.Where(value => value > 0).Min();
        return values.Contains(0)
            ? [.. values.Select(value => value == 0 ? 1.0 : 0)]
            : [.. values.Select(value => smallest / value)];
    }

    private static double[] Shares(double[] values)
    {
        var sum = values.Sum();
        return [.. values.Select(value => value / sum)];
    }

    private static double[] Inwards(double[] point, double room) =>
        [.. point.Select(value => ((1 - room) * value) + (room / point.Length))];

    private static int DivisionsFor(int tasks, int count)
    {
        var divisions = 1;
        for (double size = tasks; size < count; size *= (double)(divisions + tasks - 1) / divisions)
        {
            divisions++; // there are (divisions + tasks - 1) over (tasks - 1) points
        }

        return divisions;
    }

    private static IEnumerable<int[]> Parts(int tasks, int total)
    {
        if (tasks == 1)
        {
            yield return [total];
            yield break;
        }

        for (var first = total; first >= 0; first--)
        {
            foreach (var rest in Parts(tasks - 1, total - first))
            {
                yield return [first, .. rest];
            }
        }
    }
}
