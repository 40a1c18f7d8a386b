using Plait.Catalogue;
using Plait.Tasks.Answers;

namespace Plait.Tasks.Metrics;

/// <summary>How well a task is done: one number over a whole data set, gathered batch by batch.</summary>
public abstract class Metric
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

    /// <summary>The metric's name, lower case, as reports print it.</summary>
    public abstract string Name { get; }

    /// <summary>Whether more of it is better.</summary>
    public abstract bool HigherIsBetter { get; }

    /// <summary>Whether the metric is taken in the targets' unit, and changes with it.</summary>
    public virtual bool HasUnit => false;

    /// <summary>Whether the metric says something of answers of a kind.</summary>
    public virtual bool Judges(Answer answer) => true;

    /// <summary>Starts to gather.</summary>
    /// <param name="answer">What the outputs and targets to come mean.</param>
    public abstract MetricAccumulator Start(Answer answer);

    /// <summary>One of each metric that a name stands for and that judges rows as well as pixels: those of several kinds of answers first, then what single kinds bring along.</summary>
    public static IReadOnlyList<Metric> All => AllThereAre.All;

    /// <summary>One of each metric that a name stands for and that judges maps only: depth, normals, edges, saliency.</summary>
    /// <remarks>The root mean squared error of depth is missing: its name means the one of any numbers.</remarks>
    public static IReadOnlyList<Metric> Dense { get; } =
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

    /// <summary>How segmentation is judged, the primary metric first.</summary>
    public static IReadOnlyList<Metric> ForSegmentation { get; } = [new MeanIntersectionOverUnion(), new Accuracy()];

    /// <summary>How depth is judged, the primary metric first; <see cref="DepthError.Kinds"/> has all there are.</summary>
    public static IReadOnlyList<Metric> ForDepth { get; } =
    [
        new DepthError(DepthErrorKind.RootMeanSquared),
        new DepthError(DepthErrorKind.Absolute),
        new DepthError(DepthErrorKind.AbsoluteRelative),
    ];

    /// <summary>How surface normals are judged, the primary metric first; <see cref="NormalAngle.Kinds"/> has all there are.</summary>
    public static IReadOnlyList<Metric> ForNormals { get; } =
    [
        new NormalAngle(NormalAngleKind.Mean),
        new NormalAngle(NormalAngleKind.Median),
        new NormalAngle(NormalAngleKind.Within11),
        new NormalAngle(NormalAngleKind.Within22),
        new NormalAngle(NormalAngleKind.Within30),
    ];

    /// <summary>How edges are judged, the primary metric first.</summary>
    public static IReadOnlyList<Metric> ForEdges { get; } =
    [new EdgeF(EdgeThreshold.DataSet), new EdgeF(EdgeThreshold.Image)];

    /// <summary>How saliency is judged, the primary metric first.</summary>
    public static IReadOnlyList<Metric> ForSaliency { get; } =
    [new SaliencyF(SaliencyMeasure.F), new SaliencyF(SaliencyMeasure.Jaccard)];

    /// <summary>The metric of a name, as <see cref="Name"/> gives it or with hyphens for spaces: "macro-f1".</summary>
    /// <exception cref="FormatException">No metric has this name; the message lists those there are.</exception>
    public static Metric Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var wanted = Written(name.Trim().ToLowerInvariant());
        string[] names = [.. All.Concat(Dense).Select(metric => Written(metric.Name))];
        return All.Concat(Dense).FirstOrDefault(metric => Written(metric.Name) == wanted)
            ?? throw new FormatException($"There is no metric '{name}'{NameSuggestion.Choice(wanted, names)}");
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static string Written(string name) => name.Replace(' ', '-').Replace('_', '-');
}
