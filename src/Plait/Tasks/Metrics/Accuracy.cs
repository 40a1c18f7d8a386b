namespace Plait.Tasks.Metrics;

/// <summary>The share of targets whose class has the largest logit; with one logit, those on its right side of 0.</summary>
/// <remarks>For dense outputs this is the pixel accuracy, over all pixels of the data set.</remarks>
public sealed class Accuracy : Metric
{
    /// <inheritdoc/>
    public override string Name => "accuracy";

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
        new Reading<ClassCounts>(new(answer), counts => counts.Hits.Sum() / counts.Targets.Sum());
}
