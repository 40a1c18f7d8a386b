using Plait.Relationships;

namespace Plait.Tests.Relationships;

/// <summary>Joins the two groups with the highest mean affinity until so many remain.</summary>
internal static class AverageLinkage
{
    public static int[] Groups(AffinityMatrix affinities, int count)
    {
        var both = affinities.Symmetrized();
        var groups = Enumerable.Range(0, both.Count).Select(task => new List<int> { task }).ToList();
        while (groups.Count > count)
        {
            var (first, second) = groups
                .SelectMany((_, i) => Enumerable.Range(i + 1, groups.Count - i - 1).Select(j => (i, j)))
                .MaxBy(pair => groups[pair.i].SelectMany(_ => groups[pair.j], (a, b) => both[a, b]).Average());
            groups[first].AddRange(groups[second]);
            groups.RemoveAt(second);
        }

        return [.. Enumerable.Range(0, both.Count).Select(task => groups.FindIndex(group => group.Contains(task)))];
    }
}
