using Plait.Tasks;
using Plait.Tasks.Metrics;

namespace Plait.Tabular.Models;

/// <summary>Makes a task of a target, judged by metrics that suit its kind.</summary>
internal static class TargetTasks
{
    private static readonly Metric[] OfRegression =
    [
        new RSquared(),
        new MeanAbsoluteError(),
        new RootMeanSquaredError(),
    ];

    private static readonly Metric[] OfBinary =
    [
        new AreaUnderRoc(),
        new Accuracy(),
        new F1(F1Average.Positive),
        new LogLoss(),
    ];

    public static IReadOnlyList<Metric> Metrics(TargetEncoding target) =>
        target.Kind switch
        {
            TargetKind.Regression => OfRegression,
            TargetKind.Binary => OfBinary,
            _ => Metric.ForClassification,
        };

    public static LearningTask Of(TargetEncoding target, IReadOnlyList<Metric> metrics) =>
        target.Kind switch
        {
            TargetKind.Regression => LearningTask.Regression(
                target.Name,
                metrics: [.. metrics.Select(metric => metric is RSquared ? metric : new MetricInUnit(metric, target))]
            ),
            TargetKind.Binary when target.ClassWeights is { } weights => LearningTask.Binary(
                target.Name,
                weights,
                metrics
            ),
            TargetKind.Binary => LearningTask.Binary(target.Name, metrics: metrics),
            _ => LearningTask.Classification(target.Name, target.Classes.Count, target.ClassWeights, metrics: metrics),
        };

    /// <summary>Whether a metric says something of targets of a kind.</summary>
    public static bool Fits(Metric metric, TargetEncoding target) =>
        metric switch
        {
            MeanSquaredError or RootMeanSquaredError or MeanAbsoluteError or RSquared => target.Kind
                == TargetKind.Regression,
            AreaUnderRoc or F1 { Name: "f1" } => target.Classes.Count == 2,
            DepthError or NormalAngle or EdgeF or SaliencyF => false,
            _ => target.Kind != TargetKind.Regression,
        };
}
