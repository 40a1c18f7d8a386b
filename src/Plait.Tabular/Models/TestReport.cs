using Plait.Tabular.Features;
using Plait.Tasks;

namespace Plait.Tabular.Models;

/// <summary>How well a model did on rows of a table.</summary>
/// <param name="Rows">How many rows there were.</param>
/// <param name="Targets">One a target that was judged, in the model's order.</param>
/// <param name="Warnings">What a user should know about the rows, one sentence each.</param>
public sealed record TestReport(long Rows, IReadOnlyList<TargetReport> Targets, IReadOnlyList<string> Warnings)
{
    /// <summary>The columns that weighed the rows, COLUMN or TARGET:COLUMN each; empty when all rows counted alike.</summary>
    public IReadOnlyList<string> Weights { get; init; } = [];

    internal static TestReport Of(
        Preprocessing preprocessing,
        long rows,
        IReadOnlyList<long> counts,
        TaskMetrics metrics,
        IReadOnlyList<WeightColumn> weights,
        IReadOnlyList<string> warnings
    ) =>
        new(
            rows,
            [
                .. preprocessing.Targets.Select(
                    (target, i) =>
                        new TargetReport(target.Name, target.Kind, counts[i], metrics.ToDictionary()[target.Name])
                ),
            ],
            warnings
        )
        {
            Weights =
            [
                .. weights.Select(column => column.Target is null ? column.Name : $"{column.Target}:{column.Name}"),
            ],
        };
}

/// <summary>How well a model did on one target.</summary>
/// <param name="Name">The target's column.</param>
/// <param name="Kind">The name of what it holds.</param>
/// <param name="Rows">The rows that had it, with a weight above 0.</param>
/// <param name="Metrics">Values by metric, the primary one first, those of a regression in its own unit; null where one is not defined.</param>
public sealed record TargetReport(string Name, string Kind, long Rows, IReadOnlyDictionary<string, double?> Metrics);
