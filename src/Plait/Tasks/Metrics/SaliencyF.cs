namespace Plait.Tasks.Metrics;

/// <summary>How a map of what stands out is compared with its target.</summary>
public enum SaliencyMeasure
{
    /// <summary>The harmonic mean of precision and recall, each a mean over images.</summary>
    F,

    /// <summary>The mean over images of hits over targets and predictions together.</summary>
    Jaccard,
}

/// <summary>How well a map of logits finds what stands out in an image, at the threshold that suits the data set best.</summary>
/// <remarks>
/// As in the code of Maninis et al. 2019, <i>Attentive Single-Tasking of Multiple Tasks</i>, and of Vandenhende's suite: a pixel is
/// salient when its probability is above one of 15 thresholds, 0.2, 0.25, ... 0.9; precision, recall and Jaccard are found for each
/// image and averaged over the images; then the best threshold counts. An image without salient pixels has recall 0, one without
/// predicted ones precision 0; one without either has Jaccard 1. An image without present pixels does not count, and one of weight w counts
/// as w images; its pixels weigh the same.
/// </remarks>
public sealed class SaliencyF : Metric
{
    private readonly SaliencyMeasure measure;

    /// <summary>Sets the measure.</summary>
    /// <param name="measure">Which.</param>
    public SaliencyF(SaliencyMeasure measure = SaliencyMeasure.F) => this.measure = measure;

    /// <inheritdoc/>
    public override string Name => measure == SaliencyMeasure.F ? "max f" : "max iou";

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
        new Reading<SaliencyCounts>(
            new(),
            counts => measure == SaliencyMeasure.F ? counts.BestF() : counts.BestJaccard()
        );
}
