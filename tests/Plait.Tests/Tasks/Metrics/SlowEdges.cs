namespace Plait.Tests.Tasks.Metrics;

/// <summary>The measure of edges as its definition reads, pixel by pixel, without regard for time.</summary>
internal static class SlowEdges
{
    /// <summary>ODS and OIS F over images of probabilities and edges.</summary>
    public static (double OfDataSet, double OfImages) F(
        IReadOnlyList<(double[,] Probabilities, bool[,] Edges)> images,
        double tolerance,
        int thresholds
    )
    {
        var counts = images
            .Select(image =>
            {
                var edges = Thin(image.Edges);
                var diagonal = Math.Sqrt(Math.Pow(edges.GetLength(0), 2) + Math.Pow(edges.GetLength(1), 2));
                return Enumerable
                    .Range(1, thresholds)
                    .Select(k => Thin(Map(image.Probabilities, p => p >= k / (thresholds + 1.0))))
                    .Select(output =>
                        (
                            Pairs: Pairs(output, edges, Math.Max(1, tolerance * diagonal)),
                            Predictions: Pixels(output).Count,
                            Targets: Pixels(edges).Count
                        )
                    )
                    .ToArray();
            })
            .ToArray();
        if (counts.All(image => image[0].Targets == 0))
        {
            return (double.NaN, double.NaN);
        }

        var ofDataSet = Enumerable.Range(0, thresholds).Max(k => Sum(counts.Select(image => image[k])));
        // Of several best thresholds the highest, which comes first once they are turned round.
        var ofImages = Sum(counts.Select(image => image.Reverse().MaxBy(count => Sum([count]))));
        return (ofDataSet, ofImages);
    }

    /// <summary>Thinning by Guo and Hall's two conditions, written down neighbour by neighbour.</summary>
    public static bool[,] Thin(bool[,] map)
    {
        for (var changed = true; changed; )
        {
            changed = false;
            foreach (var east in new[] { true, false })
            {
                var before = map;
                map = (bool[,])before.Clone();
                foreach (var (row, column) in Pixels(before))
                {
                    if (IsRemovable(before, row, column, east))
                    {
                        map[row, column] = false;
                        changed = true;
                    }
                }
            }
        }

        return map;
    }

    /// <summary>The largest matching, by trying every chain of moves.</summary>
    public static int Pairs(bool[,] output, bool[,] target, double distance)
    {
        var targets = Pixels(target);
        var partner = new Dictionary<(int, int), (int, int)>();
        return Pixels(output).Count(pixel => Take(pixel, []));

        bool Take((int Row, int Column) pixel, HashSet<(int, int)> tried)
        {
            foreach (
                var near in targets.Where(t =>
                    Math.Pow(t.Row - pixel.Row, 2) + Math.Pow(t.Column - pixel.Column, 2) <= distance * distance
                )
            )
            {
                if (tried.Add(near) && (!partner.TryGetValue(near, out var other) || Take(other, tried)))
                {
                    partner[near] = pixel;
                    return true;
                }
            }

            return false;
        }
    }

    public static List<(int Row, int Column)> Pixels(bool[,] map) =>
        [
            .. from row in Enumerable.Range(0, map.GetLength(0))
            from column in Enumerable.Range(0, map.GetLength(1))
            where map[row, column]
            select (row, column),
        ];

    public static bool[,] Map<T>(T[,] from, Func<T, bool> isEdge)
    {
        var map = new bool[from.GetLength(0), from.GetLength(1)];
        for (var row = 0; row < map.GetLength(0); row++)
        {
            for (var column = 0; column < map.GetLength(1); column++)
            {
                map[row, column] = isEdge(from[row, column]);
            }
        }

        return map;
    }

    private static double Sum(IEnumerable<(int Pairs, int Predictions, int Targets)> counts)
    {
        var (pairs, all) = (0, 0);
        foreach (var count in counts)
        {
            pairs += count.Pairs;
            all += count.Predictions + count.Targets;
        }

        return all == 0 ? 1 : 2.0 * pairs / all;
    }

    private static bool IsRemovable(bool[,] map, int row, int column, bool east)
    {
        // x[1] is the eastern neighbour; the others follow against the clock, and x[9] is x[1] again.
        (int Row, int Column)[] steps = [(0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1), (1, 0), (1, 1), (0, 1)];
        bool[] x =
        [
            false,
            .. steps.Select(step =>
                row + step.Row >= 0
                && row + step.Row < map.GetLength(0)
                && column + step.Column >= 0
                && column + step.Column < map.GetLength(1)
                && map[row + step.Row, column + step.Column]
            ),
        ];
        int[] four = [1, 2, 3, 4];
        var crossings = four.Count(i => !x[(2 * i) - 1] && (x[2 * i] || x[(2 * i) + 1]));
        var n1 = four.Count(k => x[(2 * k) - 1] || x[2 * k]);
        var n2 = four.Count(k => x[2 * k] || x[(2 * k) + 1]);
        var side = east ? (x[2] || x[3] || !x[8]) && x[1] : (x[6] || x[7] || !x[4]) && x[5];
        return crossings == 1 && Math.Min(n1, n2) is 2 or 3 && !side;
    }
}
