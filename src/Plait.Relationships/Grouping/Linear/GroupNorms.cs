using Plait.Numerics;

namespace Plait.Relationships.Grouping.Linear;

/// <summary>The squared sums of singular values of groups of tasks' weights, smoothed so that no direction is lost for ever.</summary>
/// <remarks>
/// Argyriou, Evgeniou and Pontil 2008, <i>Convex multi-task feature learning</i>: singular values are roots of the eigenvalues of
/// W W' + smoothing I. The weights may change between calls; they are read when asked.
/// </remarks>
internal sealed class GroupNorms(double[][] weights, double smoothing)
{
    private int Features => weights[0].Length;

    /// <summary>The squared sum of the group's singular values.</summary>
    public double Of(IReadOnlyList<int> members)
    {
        // The smaller of W'W and WW' has all eigenvalues that are not 0.
        var (values, rank) = members.Count < Features ? Inner(members) : Outer(members, out _);
        var sum = (Features - rank) * Math.Sqrt(smoothing);
        for (var i = 0; i < rank; i++)
        {
            sum += Math.Sqrt(values[i] + smoothing);
        }

        return sum * sum;
    }

    /// <summary>The sum over all groups.</summary>
    public double Total(IReadOnlyList<int> grouping, int groups) =>
        Enumerable.Range(0, groups).Sum(group => Of(Members(grouping, group)));

    /// <summary>The penalty strength D⁻¹ of a group whose norm it makes when D is the best, row by row.</summary>
    public double[] Penalty(IReadOnlyList<int> members, double strength)
    {
        var (values, rank) = Outer(members, out var vectors);
        var trace = (Features - rank) * Math.Sqrt(smoothing);
        for (var i = 0; i < rank; i++)
        {
            trace += Math.Sqrt(values[i] + smoothing);
        }

        // D⁻¹ / trace is 1 / √smoothing in every direction, and less in those of the group.
        var rest = 1 / Math.Sqrt(smoothing);
        var penalty = new double[Features * Features];
        for (var i = 0; i < Features; i++)
        {
            penalty[i * (Features + 1)] = strength * trace * rest;
        }

        for (var k = 0; k < rank; k++)
        {
            var vector = vectors.AsSpan(k * Features, Features);
            var factor = strength * trace * ((1 / Math.Sqrt(values[k] + smoothing)) - rest);
            for (var i = 0; i < Features; i++)
            {
                Vectors.AddScaled(penalty.AsSpan(i * Features, Features), factor * vector[i], vector);
            }
        }

        return penalty;
    }

    /// <summary>Moves tasks, one at a time, to the group where they cost least, until none would move.</summary>
    public int[] Settle(IReadOnlyList<int> grouping, int groups)
    {
        var settled = grouping.ToArray();
        var members = Enumerable.Range(0, groups).Select(group => Members(settled, group)).ToArray();
        var norms = Array.ConvertAll(members, group => Of(group));
        bool moved;
        do
        {
            moved = false;
            for (var task = 0; task < settled.Length; task++)
            {
                var own = settled[task];
                int[] without = [.. members[own].Where(other => other != task)];
                var left = Of(without);
                var (best, least, reached) = (own, norms[own] - left, norms[own]);
                for (var group = 0; group < groups; group++)
                {
                    if (group == own)
                    {
                        continue;
                    }

                    var with = Of([.. members[group], task]);
                    if (with - norms[group] < least * (1 - 1e-9)) // more than rounding, so that it comes to an end
                    {
                        (best, least, reached) = (group, with - norms[group], with);
                    }
                }

                if (best != own)
                {
                    (members[own], norms[own]) = (without, left);
                    (members[best], norms[best]) = ([.. members[best], task], reached);
                    settled[task] = best;
                    moved = true;
                }
            }
        } while (moved);

        return settled;
    }

    private static int[] Members(IReadOnlyList<int> grouping, int group) =>
        [.. Enumerable.Range(0, grouping.Count).Where(task => grouping[task] == group)];

    private (double[] Values, int Rank) Inner(IReadOnlyList<int> members)
    {
        if (members.Count == 0)
        {
            return ([], 0);
        }

        var count = members.Count;
        var gramian = new double[count * count];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var product = Vectors.Dot(weights[members[i]], weights[members[j]]);
                (gramian[(i * count) + j], gramian[(j * count) + i]) = (product, product);
            }
        }

        var values = new double[count];
        return (values, GramianEigen.Decompose(gramian, values, new double[count * count]));
    }

    private (double[] Values, int Rank) Outer(IReadOnlyList<int> members, out double[] vectors)
    {
        var outer = new double[Features * Features];
        foreach (var task in members)
        {
            for (var i = 0; i < Features; i++)
            {
                Vectors.AddScaled(outer.AsSpan(i * Features, Features), weights[task][i], weights[task]);
            }
        }

        var values = new double[Features];
        vectors = new double[Features * Features];
        return (values, GramianEigen.Decompose(outer, values, vectors));
    }
}
