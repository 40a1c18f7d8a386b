namespace Plait.Relationships.Grouping;

/// <summary>Costs as whole numbers, so that sums of costs compare with a budget without rounding: 0.1 + 0.2 fits 0.3.</summary>
/// <remarks>A unit is the billionth part of the greatest cost. The budget is wider by half a unit a network, by which its sum may be rounded up.</remarks>
internal sealed class CostUnits
{
    private const double UnitsOfGreatest = 1e9;

    private readonly double unit;
    private readonly int most;

    /// <param name="costs">One number a network, above 0.</param>
    /// <param name="most">How many networks a choice has at most.</param>
    public CostUnits(IReadOnlyList<double> costs, int most)
    {
        unit = costs.Max() / UnitsOfGreatest;
        this.most = most;
        Costs = [.. costs.Select(cost => (long)Math.Round(cost / unit))];
    }

    /// <summary>One number a network.</summary>
    public long[] Costs { get; }

    /// <summary>A budget; no choice costs more than the greatest one.</summary>
    public long Budget(double budget) =>
        (long)Math.Min(Math.Floor((budget / unit) + ((most + 1) / 2.0)), (most + 1) * UnitsOfGreatest);

    /// <summary>A cost as it was given.</summary>
    public double Value(long units) => Math.Round(units * unit, 6);
}
