namespace Plait.Tasks.Metrics;

/// <summary>For what the threshold of an edge map is chosen.</summary>
public enum EdgeThreshold
{
    /// <summary>One for the whole data set (ODS).</summary>
    DataSet,

    /// <summary>One for each image (OIS).</summary>
    Image,
}

/// <summary>F of edge pixels found from a map of logits, within a tolerance of position, at the best threshold.</summary>
/// <remarks>
/// <para>
/// Martin et al. 2004, <i>Learning to Detect Natural Image Boundaries Using Local Brightness, Color, and Texture Cues</i>, and
/// Arbeláez et al. 2011, <i>Contour Detection and Hierarchical Image Segmentation</i>. At each of 99 thresholds the pixels of
/// that probability or more are thinned to lines and paired with the target's pixels, each at most once, no further apart than the
/// tolerance. F = 2 pairs / (predicted + target pixels), from counts over all images: at one threshold (ODS), or at each image's own
/// best (OIS, the highest of several).
/// </para>
/// <para>
/// Unlike the benchmark's code, the pairs are as many as possible (a maximum matching, not one of least cost with outliers that
/// nearly always has as many), the target is thinned too, so that an exact output scores 1 however thick the lines are drawn,
/// and the tolerance is at least one pixel, which matters for images of a diagonal below 133 only. There is no suppression of
/// non-maxima: seism, which ASTMT and Vandenhende's suite judge by, thins after the threshold as here. Missing pixels are edges
/// neither in the output nor in the target. An image of weight w counts as w images; its pixels weigh the same.
/// </para>
/// </remarks>
public sealed class EdgeF : Metric
{
    private readonly EdgeThreshold threshold;
    private readonly double tolerance;
    private readonly int thresholds;

    /// <summary>Sets the options.</summary>
    /// <param name="threshold">For what the threshold is chosen.</param>
    /// <param name="tolerance">How far apart a pair may be, over the image's diagonal; 0.0075 is that of BSDS500, 0.011 that of NYU.</param>
    /// <param name="thresholds">How many there are, at even distances between 0 and 1; 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public EdgeF(EdgeThreshold threshold = EdgeThreshold.DataSet, double tolerance = 0.0075, int thresholds = 99)
    {
        if (!(tolerance is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(tolerance),
                tolerance,
                "The tolerance is a share of the image's diagonal, from 0 to 1; 0.0075 is usual."
            );
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(thresholds, 1);
        this.threshold = threshold;
        this.tolerance = tolerance;
        this.thresholds = thresholds;
    }

    /// <inheritdoc/>
    public override string Name => threshold == EdgeThreshold.DataSet ? "ods f" : "ois f";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override bool Judges(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return answer.Layout == Layout.Pixel && answer.Channels == 1 && answer.Meaning == OutputMeaning.YesOrNo;
    }

    /// <inheritdoc/>
    public override MetricAccumulator Start(Answer answer) =>
        new Reading<EdgeCounts>(
            new(tolerance, thresholds),
            counts => threshold == EdgeThreshold.DataSet ? counts.OfDataSet() : counts.OfImages()
        );
}
