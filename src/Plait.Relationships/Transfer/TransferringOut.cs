namespace Plait.Relationships.Transfer;

/// <summary>How alike tasks are as sources: tasks that help the same targets are near each other.</summary>
/// <remarks>
/// Zamir et al. 2018, <i>Taskonomy</i>, figure 14: agglomerative clustering of the columns of the first-order affinity matrix, as the
/// distances exp(-20 p) of figure 7. The paper names no linkage and no scale of the targets; here each target is brought
/// to mean 0 and variance 1 over the tasks, since targets that all sources fail would count for nothing otherwise, and the linkage is
/// Ward's. The published matrices of all three sizes of data then fall into the four groups that the paper reports.
/// </remarks>
public static class TransferringOut
{
    private const double Steepness = 20;

    /// <summary>The tree of tasks.</summary>
    /// <param name="table">Affinities; first-order transfers are read.</param>
    /// <param name="tasks">The tasks; null for all sources that are targets too, or all sources where fewer than two are.</param>
    /// <exception cref="ArgumentException">There is no task, or two tasks transfer to no target in common.</exception>
    public static Dendrogram Tree(TransferTable table, IReadOnlyList<string>? tasks = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        var both = table.Sources.Intersect(table.Targets, StringComparer.Ordinal).ToArray();
        tasks ??= both.Length > 1 ? both : table.Sources;
        var targets = tasks.Where(task => table.Targets.Contains(task, StringComparer.Ordinal)).ToArray();
        var rows = table.FirstOrder(targets.Length > 0 ? targets : table.Targets, tasks);
        Standardize(rows);
        var distances = new double[tasks.Count, tasks.Count];
        for (var i = 0; i < tasks.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                distances[i, j] = distances[j, i] = Distance(rows, i, j);
                if (double.IsNaN(distances[i, j]))
                {
                    throw new ArgumentException(
                        $"'{tasks[i]}' and '{tasks[j]}' transfer to no target in common, each alone; add such transfers or leave one task out."
                    );
                }
            }
        }

        return Dendrogram.Of(tasks, distances, Linkage.Ward);
    }

    private static void Standardize(double[,] rows)
    {
        for (var row = 0; row < rows.GetLength(0); row++)
        {
            var (sum, squares, count) = (0.0, 0.0, 0);
            for (var column = 0; column < rows.GetLength(1); column++)
            {
                if (!double.IsNaN(rows[row, column]))
                {
                    rows[row, column] = Math.Exp(-Steepness * rows[row, column]);
                    sum += rows[row, column];
                    count++;
                }
            }

            for (var column = 0; column < rows.GetLength(1); column++)
            {
                rows[row, column] -= sum / count;
                squares += double.IsNaN(rows[row, column]) ? 0 : rows[row, column] * rows[row, column];
            }

            var deviation = Math.Sqrt(squares / count);
            for (var column = 0; column < rows.GetLength(1); column++)
            {
                rows[row, column] = deviation > 0 ? rows[row, column] / deviation : rows[row, column];
            }
        }
    }

    /// <summary>The Euclidean distance over the targets that both serve, scaled up to all targets; NaN where there are none.</summary>
    private static double Distance(double[,] rows, int i, int j)
    {
        var (sum, common) = (0.0, 0);
        for (var row = 0; row < rows.GetLength(0); row++)
        {
            var difference = rows[row, i] - rows[row, j];
            if (!double.IsNaN(difference))
            {
                sum += difference * difference;
                common++;
            }
        }

        return Math.Sqrt(sum * rows.GetLength(0) / common);
    }
}
