using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;

namespace Plait.Tasks.Answers;

/// <summary>Numbers, which outputs say as they are. NaN is a missing target.</summary>
/// <param name="width">Numbers a row or a pixel; 1 or more.</param>
/// <param name="layout">Where answers stand.</param>
public sealed class Numeric(int width = 1, Layout layout = Layout.Row) : Answer(width, layout)
{
    /// <inheritdoc/>
    public override string Kind => "regression";

    /// <inheritdoc/>
    public override OutputMeaning Meaning => OutputMeaning.Numbers;

    /// <inheritdoc/>
    public override bool IsNumeric => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> DefaultMetrics => [new MeanSquaredError(), new MeanAbsoluteError()];

    /// <inheritdoc/>
    /// <remarks>The primary one has no unit.</remarks>
    public override IReadOnlyList<Metric> ReportedMetrics =>
        [new RSquared(), new MeanAbsoluteError(), new RootMeanSquaredError()];

    /// <inheritdoc/>
    public override TaskLoss DefaultLoss(IReadOnlyList<float>? classWeights = null)
    {
        RequireOnePerClass(classWeights);
        return new SquaredError();
    }

    /// <inheritdoc/>
    public override Tensor Decide(Tensor output) => output;

    /// <inheritdoc/>
    /// <remarks>The mean, by the targets' weights.</remarks>
    public override Tensor Guess(TaskTarget training, IReadOnlyList<float>? classWeights = null) =>
        MeanOf(training, Channels);

    /// <inheritdoc/>
    public override bool HasLikelihood => true;

    /// <inheritdoc/>
    public override OutputLikelihood LikelihoodOf(Tensor output, TaskTarget target) =>
        NormalLikelihood.Around(output, target);

    /// <summary>The mean of each channel over the present targets, by their weights, [1, channels].</summary>
    internal static Tensor MeanOf(TaskTarget target, int channels)
    {
        var values = ByChannel(target.Values, channels);
        var factors = target.Factors is { } some ? ByChannel(some, channels) : torch.ones_like(values);
        var total = factors.sum(dim: 0L, keepdim: true);
        return values.mul(factors).sum(dim: 0L, keepdim: true).div(total.add(total.eq(0))).to(ScalarType.Float32);
    }

    private static Tensor ByChannel(Tensor tensor, int channels)
    {
        var numbers = tensor.to(ScalarType.Float64);
        return numbers.dim() > 2
            ? numbers.movedim([1], [numbers.dim() - 1]).reshape(-1, channels)
            : numbers.reshape(-1, channels);
    }
}

/// <summary>Numbers of a column, learned in standard deviations from their mean and said in their own unit.</summary>
internal sealed class NumericKind : AnswerKind
{
    /// <inheritdoc/>
    public override string Name => "regression";

    /// <inheritdoc/>
    public override bool IsStandardised => true;

    /// <inheritdoc/>
    public override (double Mean, double StandardDeviation) ScaleOf(double mean, double deviation) => (mean, deviation);

    /// <inheritdoc/>
    public override int? Rank => 3;

    /// <inheritdoc/>
    public override bool Suits(ITargetTexts texts) => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassesOf(string column, ITargetTexts texts, string? order) =>
        RequireNumbers(column, texts, order);

    /// <inheritdoc/>
    public override Answer Create(FittedTarget target) => new Numeric();

    /// <inheritdoc/>
    public override void Write(
        IPredictionCells cells,
        FittedTarget target,
        Prediction prediction,
        bool withProbabilities
    ) => cells.Add(target.Restore(prediction.Decision[0]));
}
