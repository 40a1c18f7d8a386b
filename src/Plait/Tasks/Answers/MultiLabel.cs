using Plait.Tasks.Metrics;

namespace Plait.Tasks.Answers;

/// <summary>Any number of several labels: a logit each. Targets are [rows, labels] of 0 and 1; NaN is missing.</summary>
/// <param name="labels">How many there are; 1 or more.</param>
/// <param name="layout">Where answers stand.</param>
/// <remarks>Metrics take all labels of all rows together: "f1" is the micro-average of the labels' positives.</remarks>
public sealed class MultiLabel(int labels, Layout layout = Layout.Row) : YesOrNo(labels, layout)
{
    /// <inheritdoc/>
    public override string Kind => "multi-label";

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> DefaultMetrics =>
        [new F1(F1Average.Positive), new Accuracy(), new AreaUnderRoc(), new LogLoss()];

    /// <inheritdoc/>
    /// <remarks>The logit of each label's own share.</remarks>
    public override Tensor Guess(TaskTarget training, IReadOnlyList<float>? classWeights = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        var odds = (double)(classWeights?[1] ?? 1) / (classWeights?[0] ?? 1);
        var share = Numeric.MeanOf(training, Channels).to(ScalarType.Float64);
        var least = 0.5 / Math.Max(1, training.PresentCount); // half a target
        return share.clamp(least, 1 - least).logit().add(Math.Log(odds)).to(ScalarType.Float32);
    }
}
