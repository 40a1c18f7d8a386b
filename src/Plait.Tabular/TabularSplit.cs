using Plait.Data;

namespace Plait.Tabular;

/// <summary>Which rows of a table a network learns from, is chosen by and is judged by.</summary>
/// <param name="Training">Rows to learn from, rising.</param>
/// <param name="Validation">Rows to stop and to choose by, rising; may be empty.</param>
/// <param name="Test">Rows to judge by, rising; may be empty.</param>
public sealed record TabularSplit(long[] Training, long[] Validation, long[] Test)
{
    /// <summary>Divides a table's rows: by whole groups where it has a column to group by, else with each class of the first target of which a row has one class in proportion, else at random.</summary>
    /// <remarks>The same table, shares and seed give the same rows. Rows without a class are divided like a class of their own.</remarks>
    /// <param name="data">All rows, with targets.</param>
    /// <param name="validation">The share of validation rows, from 0 to below 1.</param>
    /// <param name="test">The share of test rows, from 0; together with <paramref name="validation"/> below 1.</param>
    /// <param name="seed">What chance is drawn from.</param>
    /// <exception cref="TableException">There are too few rows or groups to divide so.</exception>
    public static TabularSplit Of(TabularData data, double validation = 0.15, double test = 0.15, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfNegative(validation);
        ArgumentOutOfRangeException.ThrowIfNegative(test);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(validation + test, 1, nameof(validation));
        double[] shares = [1 - validation - test, validation, test];
        var parts = new Queue<long[]>(Divide(data, [.. shares.Where(share => share > 0)], seed));
        return new TabularSplit(Next(0), Next(1), Next(2));

        long[] Next(int part) => shares[part] > 0 ? parts.Dequeue() : [];
    }

    private static IReadOnlyList<long[]> Divide(TabularData data, double[] shares, long seed)
    {
        try
        {
            return data.Groups is { } groups ? Splits.Grouped(groups, shares, seed)
                : Labels(data) is { } labels ? Splits.Stratified(labels, shares, seed)
                : Splits.Random(data.Rows, shares, seed);
        }
        catch (ArgumentException e)
        {
            var rows = data.Groups is { } groups
                ? $"{groups.Distinct().Count()} groups of '{data.Schema.GroupBy}' are"
                : $"{data.Rows} rows are";
            throw TableException.At(
                data.Source,
                null,
                null,
                $"{rows} too few for {shares.Length} parts of {string.Join(", ", shares.Select(Percent))}; add rows, or choose other shares.",
                e
            );
        }
    }

    private static long[]? Labels(TabularData data)
    {
        for (var target = 0; target < data.Schema.Targets.Count && data.HasTargets; target++)
        {
            if (data.Schema.Targets[target].Answers is { HasClasses: true, HoldsSeveral: false })
            {
                return [.. data.TargetCodes(target).ToArray().Select(code => (long)code)];
            }
        }

        return null;
    }

    private static string Percent(double share) => FormattableString.Invariant($"{share * 100:0.#}%");
}
