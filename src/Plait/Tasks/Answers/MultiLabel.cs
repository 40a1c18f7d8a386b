using System.Text;
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
    public override IReadOnlyList<Metric> ReportedMetrics =>
        [
            new F1(F1Average.Positive),
            new MeanOverLabels(new F1(F1Average.Positive)),
            new MeanOverLabels(new AreaUnderRoc()),
            new Accuracy(),
            new LogLoss(),
        ];

    /// <inheritdoc/>
    /// <remarks>The logit of each label's own share.</remarks>
    public override Tensor Guess(TaskTarget training, IReadOnlyList<float>? classWeights = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        var odds = (double)(classWeights?[1] ?? 1) / (classWeights?[0] ?? 1);
        var share = Numeric.MeanOf(training, Channels).to(ScalarType.Float64);
        var least = 0.5 / Math.Max(1.0, training.PresentCount / (double)Channels); // half a target of the label
        return share.clamp(least, 1 - least).logit().add(Math.Log(odds)).to(ScalarType.Float32);
    }
}

/// <summary>Texts of a column that name any number of labels: "drama|comedy".</summary>
/// <remarks>
/// Labels stand apart by <c>|</c>, or by <c>;</c> where the column has no <c>|</c>, or by what the user writes behind the kind. A row without
/// any label says <c>none</c>; an empty cell is a missing target, as in every column.
/// </remarks>
internal sealed class MultiLabelKind : AnswerKind
{
    private const string None = "none";
    private const string Space = "space"; // the word for a separator that cannot be seen

    /// <inheritdoc/>
    public override string Name => "multi-label";

    /// <inheritdoc/>
    public override bool HasClasses => true;

    /// <inheritdoc/>
    public override bool WeighsClasses => false;

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> OwnMetrics =>
        [new MeanOverLabels(new F1(F1Average.Positive)), new MeanOverLabels(new AreaUnderRoc())];

    /// <inheritdoc/>
    public override IReadOnlyList<string> SeparatorsOf(string? order) =>
        order is null ? ["|", ";"]
        : order.Equals(Space, StringComparison.OrdinalIgnoreCase) ? [" "]
        : order.Length > 0 && !order.Any(c => char.IsLetterOrDigit(c) || c == '"') ? [order]
        : throw new TargetTextException(
            null,
            $"'{order}' cannot stand between labels; write a mark such as '|' or ',' behind the kind, or the word {Space}, or nothing where it is '|' or ';'.",
            isRequest: true
        );

    /// <inheritdoc/>
    public override IReadOnlyList<string> PartsOf(string text, string separator)
    {
        ArgumentNullException.ThrowIfNull(text);
        var labels = text.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return labels is [var only] && only.Equals(None, StringComparison.OrdinalIgnoreCase) ? [] : labels;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassesOf(string column, ITargetTexts texts, string? order)
    {
        ArgumentNullException.ThrowIfNull(texts);
        foreach (var (label, line) in texts.Values)
        {
            if (label.Equals(None, StringComparison.OrdinalIgnoreCase))
            {
                throw new TargetTextException(
                    line,
                    $"{texts.Quote(label)} says that a row has no label, and here it stands beside others; leave it out there, or call that label something else."
                );
            }
        }

        return texts.Values.Count > 0
            ? Sorted(column, texts, null)
            : throw new TargetTextException(
                null,
                "no row has a label, so there is nothing to learn; choose another target."
            );
    }

    /// <inheritdoc/>
    public override Answer Create(FittedTarget target) => new MultiLabel(target.Classes.Count);

    /// <inheritdoc/>
    public override Tensor Targets(IReadOnlyList<IReadOnlyList<int>?> rows, int classes)
    {
        var marks = new float[rows.Count * classes];
        for (var row = 0; row < rows.Count; row++)
        {
            var own = marks.AsSpan(row * classes, classes);
            if (rows[row] is not { } labels)
            {
                own.Fill(float.NaN);
                continue;
            }

            foreach (var label in labels)
            {
                own[label] = 1;
            }
        }

        return torch.tensor(marks).reshape(rows.Count, classes);
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Columns(FittedTarget target, bool withProbabilities) =>
        ClassColumns(target, withProbabilities);

    /// <inheritdoc/>
    /// <remarks>The labels that are more likely than not, in the order of their names.</remarks>
    public override void Write(
        IPredictionCells cells,
        FittedTarget target,
        Prediction prediction,
        bool withProbabilities
    )
    {
        var separator = target.Separator ?? SeparatorsOf(null)[0];
        var text = new StringBuilder();
        for (var label = 0; label < prediction.Decision.Length; label++)
        {
            if (prediction.Decision[label] != 0)
            {
                text.Append(text.Length == 0 ? "" : separator).Append(target.Classes[label]);
            }
        }

        cells.Add(text.Length == 0 ? None : text.ToString());
        WriteProbabilities(cells, prediction, withProbabilities);
    }
}
