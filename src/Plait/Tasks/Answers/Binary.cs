using Plait.Tasks.Metrics;

namespace Plait.Tasks.Answers;

/// <summary>Yes or no: one logit. Targets are 0 and 1; NaN is missing.</summary>
/// <param name="layout">Where answers stand.</param>
public sealed class Binary(Layout layout = Layout.Row) : YesOrNo(1, layout)
{
    /// <inheritdoc/>
    public override string Kind => "binary";

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> DefaultMetrics => [new AreaUnderRoc()];

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> ReportedMetrics =>
        [.. DefaultMetrics, new Accuracy(), new F1(F1Average.Positive), new LogLoss()];
}

/// <summary>Two texts of a column, of which the second is the positive one.</summary>
internal sealed class BinaryKind : AnswerKind
{
    private static readonly string[] PositiveNames = ["true", "yes", "1", "positive", "t", "y"];

    /// <inheritdoc/>
    public override string Name => "binary";

    /// <inheritdoc/>
    public override bool HasClasses => true;

    /// <inheritdoc/>
    public override int? Rank => 1;

    /// <inheritdoc/>
    public override bool Suits(ITargetTexts texts) => !texts.Overflows && texts.Values.Count == 2;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassesOf(string column, ITargetTexts texts, string? order)
    {
        RequireNoOrder(column, order);
        var classes = texts.Sorted();
        if (classes.Length > 2 || texts.Overflows)
        {
            var (third, line) = texts.Values.OrderBy(value => value.Value).ElementAt(2);
            throw new TargetTextException(
                line,
                $"{texts.Quote(third)} is a third value, but a binary target has two; correct it, leave it empty where it is missing, or write {column}:classification."
            );
        }

        if (IsPositive(classes[0]) && !IsPositive(classes[1]))
        {
            Array.Reverse(classes);
        }

        return classes;
    }

    /// <inheritdoc/>
    public override string? FaultOfClassWeights(IReadOnlyList<double> weights) =>
        weights.Contains(0) ? "both classes of a binary target need a weight above 0" : null;

    /// <inheritdoc/>
    public override Answer Create(FittedTarget target) => new Binary();

    /// <inheritdoc/>
    public override Tensor Targets(ReadOnlySpan<int> codes)
    {
        var numbers = new float[codes.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = codes[i] < 0 ? float.NaN : codes[i];
        }

        return torch.tensor(numbers);
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Columns(FittedTarget target, bool withProbabilities) =>
        [target.Name, $"{target.Name}_probability"];

    /// <inheritdoc/>
    public override void Write(
        IPredictionCells cells,
        FittedTarget target,
        Prediction prediction,
        bool withProbabilities
    )
    {
        cells.Add(target.Classes[(int)prediction.Decision[0]]);
        WriteProbabilities(cells, prediction, withProbabilities: true);
    }

    private static bool IsPositive(string name) => PositiveNames.Contains(name, StringComparer.OrdinalIgnoreCase);
}
