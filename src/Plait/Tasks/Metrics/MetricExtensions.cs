using Plait.Catalogue;

namespace Plait.Tasks.Metrics;

/// <summary>The metrics that there are: all of them, those of dense tasks, and one by its name.</summary>
public static class MetricExtensions
{
    private static readonly Metric[] OfSeveralKinds =
    [
        new Accuracy(),
        new BalancedAccuracy(),
        new F1(F1Average.Macro),
        new F1(F1Average.Micro),
        new F1(F1Average.Positive),
        new MeanIntersectionOverUnion(),
        new AreaUnderRoc(),
        new LogLoss(),
        new MeanSquaredError(),
        new RootMeanSquaredError(),
        new MeanAbsoluteError(),
        new RSquared(),
    ];

    private static readonly Found<Metric> AllThereAre = new(_ =>
        [
            .. OfSeveralKinds
                .Concat(AnswerKinds.All.SelectMany(kind => kind.OwnMetrics))
                .DistinctBy(metric => metric.Name),
        ]
    );

    private static readonly IReadOnlyList<Metric> DenseMetrics =
    [
        .. Enum.GetValues<DepthErrorKind>()
            .Where(kind => kind != DepthErrorKind.RootMeanSquared)
            .Select(kind => new DepthError(kind)),
        .. Enum.GetValues<NormalAngleKind>().Select(kind => new NormalAngle(kind)),
        new EdgeF(EdgeThreshold.DataSet),
        new EdgeF(EdgeThreshold.Image),
        new SaliencyF(SaliencyMeasure.F),
        new SaliencyF(SaliencyMeasure.Jaccard),
    ];

    private static readonly IReadOnlyList<Metric> SegmentationMetrics =
    [
        new MeanIntersectionOverUnion(),
        new Accuracy(),
    ];

    private static readonly IReadOnlyList<Metric> DepthMetrics =
    [
        new DepthError(DepthErrorKind.RootMeanSquared),
        new DepthError(DepthErrorKind.Absolute),
        new DepthError(DepthErrorKind.AbsoluteRelative),
    ];

    private static readonly IReadOnlyList<Metric> NormalsMetrics =
    [
        new NormalAngle(NormalAngleKind.Mean),
        new NormalAngle(NormalAngleKind.Median),
        new NormalAngle(NormalAngleKind.Within11),
        new NormalAngle(NormalAngleKind.Within22),
        new NormalAngle(NormalAngleKind.Within30),
    ];

    private static readonly IReadOnlyList<Metric> EdgesMetrics =
    [
        new EdgeF(EdgeThreshold.DataSet),
        new EdgeF(EdgeThreshold.Image),
    ];

    private static readonly IReadOnlyList<Metric> SaliencyMetrics =
    [
        new SaliencyF(SaliencyMeasure.F),
        new SaliencyF(SaliencyMeasure.Jaccard),
    ];

    extension(Metric)
    {
        /// <summary>One of each metric that a name stands for and that judges rows as well as pixels: those of several kinds of answers first, then what single kinds bring along.</summary>
        public static IReadOnlyList<Metric> All => AllThereAre.All;

        /// <summary>One of each metric that a name stands for and that judges maps only: depth, normals, edges, saliency.</summary>
        /// <remarks>The root mean squared error of depth is missing: its name means the one of any numbers.</remarks>
        public static IReadOnlyList<Metric> Dense => DenseMetrics;

        /// <summary>How segmentation is judged, the primary metric first.</summary>
        public static IReadOnlyList<Metric> ForSegmentation => SegmentationMetrics;

        /// <summary>How depth is judged, the primary metric first; <see cref="DepthError.Kinds"/> has all there are.</summary>
        public static IReadOnlyList<Metric> ForDepth => DepthMetrics;

        /// <summary>How surface normals are judged, the primary metric first; <see cref="NormalAngle.Kinds"/> has all there are.</summary>
        public static IReadOnlyList<Metric> ForNormals => NormalsMetrics;

        /// <summary>How edges are judged, the primary metric first.</summary>
        public static IReadOnlyList<Metric> ForEdges => EdgesMetrics;

        /// <summary>How saliency is judged, the primary metric first.</summary>
        public static IReadOnlyList<Metric> ForSaliency => SaliencyMetrics;

        /// <summary>The metric of a name, as <see cref="Metric.Name"/> gives it or with hyphens for spaces: "macro-f1".</summary>
        /// <exception cref="FormatException">No metric has this name; the message lists those there are.</exception>
        public static Metric Parse(string name)
        {
            ArgumentNullException.ThrowIfNull(name);
            var wanted = Written(name.Trim().ToLowerInvariant());
            string[] names = [.. Metric.All.Concat(Metric.Dense).Select(metric => Written(metric.Name))];
            return Metric.All.Concat(Metric.Dense).FirstOrDefault(metric => Written(metric.Name) == wanted)
                ?? throw new FormatException($"There is no metric '{name}'{NameSuggestion.Choice(wanted, names)}");
        }
    }

    private static string Written(string name) => name.Replace(' ', '-').Replace('_', '-');
}
