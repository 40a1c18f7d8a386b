namespace Plait.Numerics;

/// <summary>Gives each row a column of its own so that the sum of the chosen entries is largest.</summary>
/// <remarks>
/// The linear assignment problem by shortest augmenting paths with potentials (Jonker &amp; Volgenant 1987, <i>A Shortest Augmenting
/// Path Algorithm for Dense and Sparse Linear Assignment Problems</i>): every row is added along the cheapest path that changes
/// earlier choices, so that all reduced costs stay 0 or more and the choice optimal. O(n³).
/// </remarks>
public static class Assignment
{
    /// <summary>The best assignment.</summary>
    /// <param name="gains">What each row gains with each column, [n, n], finite.</param>
    /// <returns>For each row, its column.</returns>
    /// <exception cref="ArgumentException">There are not as many columns as rows, or an entry is not finite.</exception>
    public static int[] Largest(double[,] gains)
    {
        ArgumentNullException.ThrowIfNull(gains);
        var count = gains.GetLength(0);
        if (gains.GetLength(1) != count || gains.Cast<double>().Any(gain => !double.IsFinite(gain)))
        {
            throw new ArgumentException(
                $"An assignment needs as many columns as rows, of finite gains; got {count} x {gains.GetLength(1)}.",
                nameof(gains)
            );
        }

        // Place 0 stands for a column that every new row starts from.
        var rowPotential = new double[count + 1];
        var columnPotential = new double[count + 1];
        var rowOf = new int[count + 1];
        for (var row = 1; row <= count; row++)
        {
            Augment(gains, row, rowPotential, columnPotential, rowOf);
        }

        var columns = new int[count];
        for (var column = 1; column <= count; column++)
        {
            columns[rowOf[column] - 1] = column - 1;
        }

        return columns;
    }

    private static void Augment(double[,] gains, int row, double[] rowPotential, double[] columnPotential, int[] rowOf)
    {
        var count = rowOf.Length - 1;
        var shortest = new double[count + 1];
        var before = new int[count + 1];
        var visited = new bool[count + 1];
        Array.Fill(shortest, double.PositiveInfinity);
        rowOf[0] = row;
        var at = 0;
        do
        {
            visited[at] = true;
            var (next, step) = (0, double.PositiveInfinity);
            for (var column = 1; column <= count; column++)
            {
                if (visited[column])
                {
                    continue;
                }

                var reduced = -gains[rowOf[at] - 1, column - 1] - rowPotential[rowOf[at]] - columnPotential[column];
                if (reduced < shortest[column])
                {
                    (shortest[column], before[column]) = (reduced, at);
                }

                if (shortest[column] < step)
                {
                    (step, next) = (shortest[column], column);
                }
            }

            for (var column = 0; column <= count; column++)
            {
                if (visited[column])
                {
                    rowPotential[rowOf[column]] += step;
                    columnPotential[column] -= step;
                }
                else
                {
                    shortest[column] -= step;
                }
            }

            at = next;
        } while (rowOf[at] != 0);

        while (at != 0)
        {
            rowOf[at] = rowOf[before[at]];
            at = before[at];
        }
    }
}
