namespace Plait.Tasks.Metrics;

/// <summary>How F1 is drawn together from the classes.</summary>
public enum F1Average
{
    /// <summary>The mean of the classes' F1; a class that is neither a target nor a prediction does not count.</summary>
    Macro,

    /// <summary>F1 of all classes' decisions together, which is the accuracy where each target has one class.</summary>
    Micro,

    /// <summary>F1 of class 1 of two: that of the positives of a yes-or-no task.</summary>
    Positive,
}

/// <summary>The harmonic mean of precision and recall: 2 hits / (targets + predictions) of a class.</summary>
/// <remarks>Van Rijsbergen 1979, <i>Information Retrieval</i>, chapter 7; averaging as Yang and Liu 1999, <i>A Re-examination of Text Categorization Methods</i>.</remarks>
public sealed class F1 : Metric
{
    private readonly F1Average average;

    /// <summary>Sets the averaging.</summary>
    /// <param name="average">Over which classes.</param>
    public F1(F1Average average = F1Average.Macro) => this.average = average;

    /// <inheritdoc/>
    public override string Name =>
        average switch
        {
            F1Average.Macro => "macro f1",
            F1Average.Micro => "micro f1",
            _ => "f1",
        };

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override bool Judges(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return answer.Classes == 2 || (answer.Classes > 2 && average != F1Average.Positive);
    }

    /// <inheritdoc/>
    /// <remarks>With <see cref="F1Average.Positive"/>, computing fails on a task of more than two classes.</remarks>
    public override MetricAccumulator Start(Answer answer) => new Reading<ClassCounts>(new(answer), Compute);

    private double Compute(ClassCounts counts) =>
        average switch
        {
            F1Average.Macro => Enumerable
                .Range(0, counts.Classes)
                .Select(index => Score(counts.Hits[index], counts.Targets[index], counts.Predictions[index]))
                .Where(double.IsFinite)
                .DefaultIfEmpty(double.NaN)
                .Average(),
            F1Average.Micro => Score(counts.Hits.Sum(), counts.Targets.Sum(), counts.Predictions.Sum()),
            _ when counts.Classes is 0 => double.NaN,
            _ when counts.Classes is 2 => Score(counts.Hits[1], counts.Targets[1], counts.Predictions[1]),
            _ => throw new InvalidOperationException(
                $"'f1' is that of the positives of two classes; this task has {counts.Classes}: use macro-f1 or micro-f1."
            ),
        };

    private static double Score(double hits, double targets, double predictions) =>
        2.0 * hits / (targets + predictions);
}
