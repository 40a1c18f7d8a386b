namespace Plait.Reporting.Plots;

/// <summary>One line of a <see cref="LinePlot"/>.</summary>
/// <param name="Label">What a pointer that rests on it is told.</param>
/// <param name="Colour">The number of its colour.</param>
/// <param name="Points">By rising X; a point that is not finite is left out.</param>
/// <param name="Faint">Whether it stands back behind the others.</param>
internal sealed record LineSeries(
    string Label,
    int Colour,
    IReadOnlyList<(double X, double Y)> Points,
    bool Faint = false
)
{
    private const int MostPoints = 160;

    /// <summary>The mean of several series at each X, of those that have a finite value there; thinned out by averaging where they are long.</summary>
    public static IReadOnlyList<(double X, double Y)> Mean(IEnumerable<(double X, double Y)> points)
    {
        (double X, double Y)[] mean =
        [
            .. points
                .Where(point => double.IsFinite(point.Y))
                .GroupBy(point => point.X)
                .Select(group => (group.Key, group.Average(point => point.Y)))
                .OrderBy(point => point.Key),
        ];
        return mean.Length <= MostPoints
            ? mean
            :
            [
                .. mean.Chunk((mean.Length + MostPoints - 1) / MostPoints)
                    .Select(chunk => (chunk.Average(point => point.X), chunk.Average(point => point.Y))),
            ];
    }
}
