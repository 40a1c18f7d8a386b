using Plait.Tasks;

namespace Plait.Tabular.Features;

/// <summary>A metric of a standardised regression target, taken in the target's own unit.</summary>
internal sealed class MetricInUnit(Metric metric, TargetEncoding target) : Metric
{
    /// <inheritdoc/>
    public override string Name => metric.Name;

    /// <inheritdoc/>
    public override bool HigherIsBetter => metric.HigherIsBetter;

    /// <inheritdoc/>
    public override bool HasUnit => metric.HasUnit;

    /// <inheritdoc/>
    public override bool Judges(Answer answer) => metric.Judges(answer);

    /// <inheritdoc/>
    public override MetricAccumulator Start(Answer answer) => new Accumulator(metric.Start(answer), target);

    private sealed class Accumulator(MetricAccumulator inner, TargetEncoding target) : MetricAccumulator
    {
        public override void Add(Tensor output, TaskTarget standardised)
        {
            using var scope = torch.NewDisposeScope();
            using var noGrad = torch.no_grad();
            inner.Add(Restore(output), standardised.WithValues(Restore(standardised.Values)));
        }

        public override double Compute() => inner.Compute();

        private Tensor Restore(Tensor values) =>
            values.cpu().to(ScalarType.Float64).mul(target.StandardDeviation).add(target.Mean);
    }
}
