namespace Plait.Tasks.Metrics;

/// <summary>How errors of depth are measured; p is an output, d its target.</summary>
public enum DepthErrorKind
{
    /// <summary>The root of the mean of (p - d)², in the targets' unit.</summary>
    RootMeanSquared,

    /// <summary>The mean of |p - d|, in the targets' unit.</summary>
    Absolute,

    /// <summary>The mean of |p - d| / d, a share.</summary>
    AbsoluteRelative,

    /// <summary>The mean of (p - d)² / d, in the targets' unit.</summary>
    SquaredRelative,

    /// <summary>The root of the mean of (ln p - ln d)².</summary>
    RootMeanSquaredLog,

    /// <summary>The share of pixels with max(p/d, d/p) below 1.25.</summary>
    Within1,

    /// <summary>The share of pixels with max(p/d, d/p) below 1.25².</summary>
    Within2,

    /// <summary>The share of pixels with max(p/d, d/p) below 1.25³.</summary>
    Within3,
}

/// <summary>The error of depths above 0, over all pixels of the data set.</summary>
/// <remarks>
/// <para>
/// Eigen et al. 2014, <i>Depth Map Prediction from a Single Image</i>. A target of 0 or below is none and does not count.
/// Where a ratio or a logarithm is taken, outputs below 1e-9 count as that, as in Vandenhende's suite. ASTMT's means over images of
/// each image's error are other numbers.
/// </para>
/// <para>
/// With median scaling each image's outputs are first multiplied by the median of its targets over that of its outputs, and kept
/// within 0.001 and 80 metres: Godard et al. 2019, <i>Digging Into Self-Supervised Monocular Depth Estimation</i>, whose networks know depth
/// up to a scale only.
/// </para>
/// </remarks>
public sealed class DepthError : Metric
{
    private readonly DepthErrorKind kind;
    private readonly bool medianScaling;

    /// <summary>Sets what is measured.</summary>
    /// <param name="kind">How.</param>
    /// <param name="medianScaling">Whether each image's outputs are first brought to the scale of its targets.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such kind.</exception>
    public DepthError(DepthErrorKind kind, bool medianScaling = false)
    {
        if (!Enum.IsDefined(kind))
        {
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such error of depth.");
        }

        this.kind = kind;
        this.medianScaling = medianScaling;
    }

    /// <summary>One of each kind, the root mean squared error first.</summary>
    public static IReadOnlyList<Metric> Kinds { get; } =
    [.. Enum.GetValues<DepthErrorKind>().Select(kind => new DepthError(kind))];

    /// <inheritdoc/>
    public override string Name =>
        kind switch
        {
            DepthErrorKind.RootMeanSquared => "rmse",
            DepthErrorKind.Absolute => "abs err",
            DepthErrorKind.AbsoluteRelative => "abs rel",
            DepthErrorKind.SquaredRelative => "sq rel",
            DepthErrorKind.RootMeanSquaredLog => "log rmse",
            DepthErrorKind.Within1 => "delta1",
            DepthErrorKind.Within2 => "delta2",
            _ => "delta3",
        } + (medianScaling ? " scaled" : "");

    /// <inheritdoc/>
    public override bool HigherIsBetter => kind >= DepthErrorKind.Within1;

    /// <inheritdoc/>
    public override bool Judges(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return answer.Layout == Layout.Pixel && answer.Channels == 1 && answer.Meaning == OutputMeaning.Numbers;
    }

    /// <inheritdoc/>
    public override MetricAccumulator Start(Answer answer) =>
        new Reading<DepthErrors>(new(medianScaling), errors => errors.Value(kind));
}
