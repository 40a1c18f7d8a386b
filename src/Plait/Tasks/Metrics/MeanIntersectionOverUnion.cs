namespace Plait.Tasks.Metrics;

/// <summary>The mean over classes of hits over targets and predictions together (mIoU), from counts over all pixels of the data set.</summary>
/// <remarks>
/// Long et al. 2015, <i>Fully Convolutional Networks for Semantic Segmentation</i>, section 5. A class that is neither a target nor
/// predicted anywhere has no value (0/0) and does not count; one that is predicted without ever being a target counts 0.
/// </remarks>
public sealed class MeanIntersectionOverUnion : Metric
{
    /// <inheritdoc/>
    public override string Name => "mean iou";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override bool Judges(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return answer.Classes > 0;
    }

    /// <inheritdoc/>
    public override MetricAccumulator Start(Answer answer) =>
        new Reading<ClassCounts>(
            new(answer),
            counts =>
                Enumerable
                    .Range(0, counts.Classes)
                    .Select(index =>
                        counts.Hits[index] / (counts.Targets[index] + counts.Predictions[index] - counts.Hits[index])
                    )
                    .Where(double.IsFinite)
                    .DefaultIfEmpty(double.NaN)
                    .Average()
        );
}
