namespace Plait.Optimization.Scheduling;

/// <summary>The law that many schedules have in common: a task is as likely as a power of its number of rows.</summary>
internal static class SizeLaw
{
    /// <summary>Fills in (rows of a task, at most the cap)^power.</summary>
    /// <remarks>Sizes are taken relative to the largest, so that no power of them overflows.</remarks>
    public static void Fill(IReadOnlyList<long> rows, double power, Span<double> weights, long cap = long.MaxValue)
    {
        var largest = Math.Min(rows.Max(), cap);
        for (var task = 0; task < weights.Length; task++)
        {
            weights[task] = rows[task] == 0 ? 0 : Math.Pow(Math.Min(rows[task], cap) / (double)largest, power);
        }
    }
}
