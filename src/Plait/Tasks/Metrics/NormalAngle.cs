namespace Plait.Tasks.Metrics;

/// <summary>What is asked of the angles between output and target normals.</summary>
public enum NormalAngleKind
{
    /// <summary>The mean angle, in degrees.</summary>
    Mean,

    /// <summary>The median angle, in degrees.</summary>
    Median,

    /// <summary>The root of the mean squared angle, in degrees.</summary>
    RootMeanSquare,

    /// <summary>The share of pixels whose angle is below 11.25 degrees.</summary>
    Within11,

    /// <summary>The share of pixels whose angle is below 22.5 degrees.</summary>
    Within22,

    /// <summary>The share of pixels whose angle is below 30 degrees.</summary>
    Within30,
}

/// <summary>The angle between output and target normals, over all pixels of the data set; lengths do not matter.</summary>
/// <remarks>
/// Eigen and Fergus 2015, <i>Predicting Depth, Surface Normals and Semantic Labels with a Common Multi-Scale Convolutional
/// Architecture</i>. The angle is 2 atan2(|p - n|, |p + n|) of the unit vectors (Kahan 2006, <i>How Futile are Mindless
/// Assessments of Roundoff</i>, section 12), which is exact near 0 and 180 degrees, where the arc cosine loses half of the digits.
/// An output without length is at 90 degrees to anything; a target without length has no direction and is missing. The median
/// keeps the angles in single precision, four bytes a pixel (290 MB on the test part of NYUv2 at 288 x 384), and as many again where
/// pixels have weights; the rest keep sums.
/// </remarks>
public sealed class NormalAngle : Metric
{
    private readonly NormalAngleKind kind;

    /// <summary>Sets what is asked.</summary>
    /// <param name="kind">What.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such kind.</exception>
    public NormalAngle(NormalAngleKind kind = NormalAngleKind.Mean)
    {
        if (!Enum.IsDefined(kind))
        {
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such question about angles.");
        }

        this.kind = kind;
    }

    /// <summary>One of each kind, the mean first.</summary>
    public static IReadOnlyList<Metric> Kinds { get; } =
    [.. Enum.GetValues<NormalAngleKind>().Select(kind => new NormalAngle(kind))];

    /// <inheritdoc/>
    public override string Name =>
        kind switch
        {
            NormalAngleKind.Mean => "mean angle",
            NormalAngleKind.Median => "median angle",
            NormalAngleKind.RootMeanSquare => "angle rmse",
            NormalAngleKind.Within11 => "within 11.25",
            NormalAngleKind.Within22 => "within 22.5",
            _ => "within 30",
        };

    /// <inheritdoc/>
    public override bool HigherIsBetter => kind >= NormalAngleKind.Within11;

    /// <inheritdoc/>
    public override bool Judges(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return answer.Layout == Layout.Pixel
            && answer.Channels == 3
            && (answer.Meaning == OutputMeaning.Directions || answer.Meaning == OutputMeaning.Numbers);
    }

    /// <inheritdoc/>
    public override MetricAccumulator Start(Answer answer) =>
        kind == NormalAngleKind.Median
            ? new Reading<NormalAngleValues>(new(), angles => angles.Median())
            : new Reading<NormalAngleSums>(new(), angles => angles.Value(kind));
}
