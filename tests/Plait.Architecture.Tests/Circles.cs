namespace Plait.Architecture.Tests;

/// <summary>Finds what depends on itself by way of others.</summary>
internal static class Circles
{
    /// <summary>The groups of two or more nodes of which each reaches each other, in order of name.</summary>
    /// <param name="arrows">From each node to those that it uses.</param>
    public static IReadOnlyList<IReadOnlyList<string>> Of(IReadOnlyDictionary<string, HashSet<string>> arrows)
    {
        var reached = arrows.Keys.ToDictionary(node => node, node => Reach(arrows, node));
        return
        [
            .. arrows
                .Keys.Where(node => reached[node].Contains(node))
                .GroupBy(node =>
                    string.Join(
                        ' ',
                        reached[node].Where(other => reached.GetValueOrDefault(other, []).Contains(node)).Order()
                    )
                )
                .Select(group => group.Order(StringComparer.Ordinal).ToArray())
                .OrderBy(group => group[0], StringComparer.Ordinal),
        ];
    }

    private static HashSet<string> Reach(IReadOnlyDictionary<string, HashSet<string>> arrows, string from)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>([from]);
        while (open.TryPop(out var node))
        {
            foreach (var next in arrows.GetValueOrDefault(node, []))
            {
                if (reached.Add(next))
                {
                    open.Push(next);
                }
            }
        }

        return reached;
    }
}
