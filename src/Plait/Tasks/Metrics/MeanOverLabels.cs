namespace Plait.Tasks.Metrics;

/// <summary>A metric of each label alone, and the mean of these: the macro-average over labels, in which a rare label counts as much as a common one.</summary>
/// <remarks>
/// The label-based metrics of Zhang and Zhou 2014, <i>A Review on Multi-Label Learning Algorithms</i>, section 2.2.2. A label for which the metric is not
/// defined, such as one that no row has, does not count. Of outputs that are not finite the mean is NaN.
/// </remarks>
public sealed class MeanOverLabels : Metric
{
    private readonly Metric metric;

    /// <summary>Sets what is averaged.</summary>
    /// <param name="metric">Judges a yes or a no.</param>
    public MeanOverLabels(Metric metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        this.metric = metric;
    }

    /// <inheritdoc/>
    public override string Name => $"{metric.Name} by label";

    /// <inheritdoc/>
    public override bool HigherIsBetter => metric.HigherIsBetter;

    /// <inheritdoc/>
    public override bool Judges(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return answer.OfOneLabel is { } label && metric.Judges(label);
    }

    /// <inheritdoc/>
    public override MetricAccumulator Start(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var label = answer.OfOneLabel ?? throw new ArgumentException($"A {answer.Kind} has no labels.", nameof(answer));
        return new Accumulator(answer, [.. Enumerable.Range(0, answer.Channels).Select(_ => metric.Start(label))]);
    }

    private sealed class Accumulator(Answer answer, MetricAccumulator[] labels) : MetricAccumulator
    {
        private bool finite = true;

        public override void Add(Tensor output, TaskTarget target)
        {
            ArgumentNullException.ThrowIfNull(output);
            ArgumentNullException.ThrowIfNull(target);
            using var scope = torch.NewDisposeScope();
            using var noGrad = torch.no_grad();
            answer.RequireShapes(output, target.Values);
            var aligned = target.Map(values => values.reshape(output.shape));
            var lost = output.isfinite().logical_not();
            finite &= !(aligned.Present is { } there ? lost.logical_and(there.ne(0)) : lost).any().item<bool>();
            for (var label = 0; label < labels.Length; label++)
            {
                labels[label].Add(Of(output), aligned.Map(Of));

                Tensor Of(Tensor tensor) => tensor.narrow(1, label, 1);
            }
        }

        public override double Compute() =>
            finite
                ? labels
                    .Select(label => label.Compute())
                    .Where(value => !double.IsNaN(value))
                    .DefaultIfEmpty(double.NaN)
                    .Average()
                : double.NaN;
    }
}
