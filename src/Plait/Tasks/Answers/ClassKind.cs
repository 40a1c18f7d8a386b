namespace Plait.Tasks.Answers;

/// <summary>A kind whose texts are each one of several classes, and whose predictions are a class and, where wanted, the probability of each.</summary>
public abstract class ClassKind : AnswerKind
{
    /// <inheritdoc/>
    public sealed override bool HasClasses => true;

    /// <inheritdoc/>
    public override IEnumerable<string> Columns(FittedTarget target, bool withProbabilities) =>
        ClassColumns(target, withProbabilities);

    /// <inheritdoc/>
    public override void Write(
        IPredictionCells cells,
        FittedTarget target,
        Prediction prediction,
        bool withProbabilities
    )
    {
        ArgumentNullException.ThrowIfNull(cells);
        ArgumentNullException.ThrowIfNull(target);
        cells.Add(target.Classes[(int)prediction.Decision[0]]);
        WriteProbabilities(cells, prediction, withProbabilities);
    }
}
