using Plait.Tasks;

namespace Plait.Tabular.Features;

/// <summary>Makes a task of a target, judged by metrics that suit its kind.</summary>
internal static class TargetTasks
{
    public static IReadOnlyList<Metric> Metrics(TargetEncoding target) =>
        target.Answers.Create(target.Fitted).ReportedMetrics;

    public static LearningTask Of(TargetEncoding target, IReadOnlyList<Metric> metrics)
    {
        var kind = target.Answers;
        var answer = kind.Create(target.Fitted);
        return new(
            target.Name,
            answer,
            answer.DefaultLoss(target.ClassWeights),
            kind.IsStandardised
                ? [.. metrics.Select(metric => metric.HasUnit ? new MetricInUnit(metric, target) : metric)]
                : metrics
        );
    }

    /// <summary>Whether a metric says something of a target.</summary>
    public static bool Fits(Metric metric, TargetEncoding target) =>
        metric.Judges(target.Answers.Create(target.Fitted));
}
