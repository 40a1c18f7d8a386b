using Plait.Tabular.Features;
using Plait.Tabular.Predictions;
using Plait.Tasks;
using Plait.Tasks.Metrics;

namespace Plait.Tabular.Models;

/// <summary>Judges a model on a labelled table, piece by piece, in memory that does not grow with the file (AUC keeps its scores).</summary>
internal static class TableEvaluation
{
    public static TestReport Run(
        TabularModel model,
        string path,
        IReadOnlyList<Metric>? metrics,
        CancellationToken cancel
    )
    {
        var preprocessing = model.Preprocessing;
        RequireSuited(preprocessing, metrics);
        var judged = preprocessing.Targets.Select(target => MetricsOf(target, metrics)).ToArray();
        var tasks = preprocessing.CreateTasks(target =>
            MetricsOf(target, metrics) is { Count: > 0 } chosen ? chosen : TargetTasks.Metrics(target)
        );
        var schema = preprocessing.TrainedSchema with { GroupBy = null };
        var encoder = new RowEncoder(schema, preprocessing.Features);
        var accumulator = new TaskMetricsAccumulator(tasks);
        var counts = new long[tasks.Count];
        var rows = 0L;
        using var reader = TableReader.ToJudge(path, schema);
        foreach (var chunk in reader.ReadChunks(FeatureReader.DefaultRows))
        {
            cancel.ThrowIfCancellationRequested();
            using var scope = torch.NewDisposeScope();
            var all = Preprocessing.AllRows(chunk);
            var outputs = model.Predict(encoder.Encode(chunk, all));
            for (var task = 0; task < tasks.Count; task++)
            {
                var target = TargetTensors.Of(preprocessing.Targets[task], chunk, task, all, ScalarType.Float64);
                counts[task] += TargetTensors.RowsOf(target);
                accumulator.Add(task, outputs[task], target);
            }

            rows += chunk.Rows;
        }

        if (rows == 0)
        {
            throw TableException.At(
                path,
                null,
                null,
                "the file has a header but no rows; there is nothing to judge by."
            );
        }

        var report = TestReport.Of(
            preprocessing,
            rows,
            counts,
            accumulator.Compute(),
            reader.Weights,
            [.. reader.Warnings, .. Lacking(schema, reader), .. Unjudged(preprocessing, judged, counts)]
        );
        var targets = report.Targets.Where((_, i) => judged[i].Count > 0).ToArray();
        return report with { Targets = targets, Warnings = [.. report.Warnings, .. Undefined(targets)] };
    }

    private static IEnumerable<string> Lacking(TableSchema schema, TableReader reader) =>
        schema
            .Weights.Except(reader.Weights)
            .Select(column =>
                $"The column '{column.Name}', which weighed the training rows{(column.Target is null ? "" : $" of target '{column.Target}'")}, is not in this file: rows count without it."
            );

    private static IEnumerable<string> Unjudged(
        Preprocessing preprocessing,
        IReadOnlyList<Metric>[] judged,
        long[] counts
    ) =>
        preprocessing
            .Targets.Where((_, task) => judged[task].Count > 0 && counts[task] == 0)
            .Select(target =>
                $"No row counts for target '{target.Name}', which has no metrics then: it is missing, weighs 0 or is of a class that the model does not know."
            );

    /// <summary>R² and AUC, among others, compare rows that differ in their target.</summary>
    private static IEnumerable<string> Undefined(IEnumerable<TargetReport> targets) =>
        from target in targets
        where target.Rows > 0
        let undefined = target.Metrics.Where(metric => metric.Value is null).Select(metric => metric.Key).ToArray()
        where undefined.Length > 0
        select $"Target '{target.Name}' has no {string.Join(", ", undefined)} on these rows: all of them say the same there, and there is nothing to tell apart.";

    private static IReadOnlyList<Metric> MetricsOf(TargetEncoding target, IReadOnlyList<Metric>? metrics) =>
        metrics is null
            ? TargetTasks.Metrics(target)
            : [.. metrics.Distinct().Where(metric => TargetTasks.Fits(metric, target))];

    private static void RequireSuited(Preprocessing preprocessing, IReadOnlyList<Metric>? metrics)
    {
        if (
            metrics?.FirstOrDefault(metric => !preprocessing.Targets.Any(target => TargetTasks.Fits(metric, target))) is
            { } idle
        )
        {
            var kinds = preprocessing.Targets.Select(target => $"{target.Name} ({target.Kind})");
            throw new FormatException(
                $"The metric '{idle.Name}' suits no target of this model, which are {string.Join(", ", kinds)}; leave it out."
            );
        }
    }
}
