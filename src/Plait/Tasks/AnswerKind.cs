namespace Plait.Tasks;

/// <summary>What a user may call a target, before there is data: how texts of a column become targets, and outputs texts again.</summary>
/// <remarks>
/// Found by its name among <see cref="AnswerKinds"/>: a subclass is a kind. It makes an <see cref="Answer"/> when the classes are known. Texts
/// are either classes, read as their places among those, or numbers.
/// </remarks>
public abstract class AnswerKind
{
    /// <summary>The name, as a user writes it after the column: "regression".</summary>
    public abstract string Name { get; }

    /// <summary>Whether texts are classes; else they are numbers.</summary>
    public virtual bool HasClasses => false;

    /// <summary>Whether classes that are numbers are known by their value and not by how they are written: 3 and 3.0 are one.</summary>
    public virtual bool KnowsClassesByNumber => false;

    /// <summary>Whether numbers are learned in standard deviations from their mean.</summary>
    public virtual bool IsStandardised => false;

    /// <summary>What an output of 0 and one of 1 more stand for: see <see cref="FittedTarget"/>.</summary>
    /// <param name="mean">The mean of the numbers in the training rows.</param>
    /// <param name="deviation">Their population standard deviation, above 0.</param>
    public virtual (double Mean, double StandardDeviation) ScaleOf(double mean, double deviation) => (0, 1);

    /// <summary>Among the kinds that suit a column for which none is named, that of the least rank is taken; null for one that must be named.</summary>
    public virtual int? Rank => null;

    /// <summary>Metrics that the kind brings along, so that users can name them; what judges it is <see cref="Answer.ReportedMetrics"/>.</summary>
    public virtual IReadOnlyList<Metric> OwnMetrics => [];

    /// <summary>Whether each class may be given a weight in the loss, and classes be balanced.</summary>
    public virtual bool WeighsClasses => HasClasses;

    /// <summary>Whether a text names any number of the classes, and not one of them.</summary>
    public bool HoldsSeveral => SeparatorsOf(null).Count > 0;

    /// <summary>Whether a column for which no kind is named may be of this one.</summary>
    public virtual bool Suits(ITargetTexts texts) => false;

    /// <summary>What a user should know when the kind was taken without being named; null for nothing.</summary>
    /// <param name="column">The column's name.</param>
    /// <param name="texts">What stands in it.</param>
    public virtual string? NoteOf(string column, ITargetTexts texts) => null;

    /// <summary>The classes of a column, in the order in which targets number them; none for numbers.</summary>
    /// <param name="column">The column's name.</param>
    /// <param name="texts">What stands in it; where a text names several classes, what it names.</param>
    /// <param name="order">What the user wrote behind the kind: "S&lt;M&lt;L"; null for nothing.</param>
    /// <exception cref="TargetTextException">The column is not of this kind.</exception>
    public abstract IReadOnlyList<string> ClassesOf(string column, ITargetTexts texts, string? order);

    /// <summary>What may stand between the classes that one text names, the preferred one first; none where a text is one class.</summary>
    /// <param name="order">What the user wrote behind the kind; null for nothing.</param>
    /// <returns>A column is read by the first of them that occurs in it.</returns>
    /// <exception cref="TargetTextException">That is no separator.</exception>
    public virtual IReadOnlyList<string> SeparatorsOf(string? order) => [];

    /// <summary>The classes that a text names.</summary>
    /// <param name="text">The text of a cell that is not missing.</param>
    /// <param name="separator">What stands between them; one of <see cref="SeparatorsOf"/>.</param>
    public virtual IReadOnlyList<string> PartsOf(string text, string separator) => [text];

    /// <summary>What is wrong with a number that cannot be a target: one clause without the remedy; null when nothing is.</summary>
    public virtual string? FaultOf(double number) => null;

    /// <summary>What is wrong with weights of the classes: which classes need more than 0; null when nothing is.</summary>
    public virtual string? FaultOfClassWeights(IReadOnlyList<double> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return weights.Count > 0 && weights.Max() == 0 ? "some of its classes need a weight above 0" : null;
    }

    /// <summary>The answer to a target.</summary>
    public abstract Answer Create(FittedTarget target);

    /// <summary>Places among the classes as a task's targets, [rows]; the caller's to dispose.</summary>
    /// <param name="codes">One a row; below 0 where it is missing.</param>
    public virtual Tensor Targets(ReadOnlySpan<int> codes)
    {
        var numbers = new long[codes.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = codes[i];
        }

        return torch.tensor(numbers);
    }

    /// <summary>The places among the classes of what texts name, where a text names several, as a task's targets; the caller's to dispose.</summary>
    /// <param name="rows">One a row; null where it is missing.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <exception cref="NotSupportedException">A text of this kind names one class.</exception>
    public virtual Tensor Targets(IReadOnlyList<IReadOnlyList<int>?> rows, int classes) =>
        throw new NotSupportedException($"A text of a {Name} target names one class.");

    /// <summary>The columns of predictions.</summary>
    /// <param name="target">Whose.</param>
    /// <param name="withProbabilities">Whether the probability of each class is wanted.</param>
    public virtual IEnumerable<string> Columns(FittedTarget target, bool withProbabilities)
    {
        ArgumentNullException.ThrowIfNull(target);
        return [target.Name];
    }

    /// <summary>Writes a prediction, a cell for each of <see cref="Columns"/>.</summary>
    /// <param name="cells">Where to.</param>
    /// <param name="target">Whose.</param>
    /// <param name="prediction">What the answer of <see cref="Create"/> reads in the output for one row.</param>
    /// <param name="withProbabilities">Whether the probability of each class is wanted.</param>
    public abstract void Write(
        IPredictionCells cells,
        FittedTarget target,
        Prediction prediction,
        bool withProbabilities
    );

    /// <summary>A column of decisions and, where wanted, one of the probability of each class.</summary>
    protected static IEnumerable<string> ClassColumns(FittedTarget target, bool withProbabilities)
    {
        ArgumentNullException.ThrowIfNull(target);
        return withProbabilities
            ? [target.Name, .. target.Classes.Select(name => $"{target.Name}_probability_{name}")]
            : [target.Name];
    }

    /// <summary>Writes the probabilities that <see cref="ClassColumns"/> has columns for.</summary>
    protected static void WriteProbabilities(IPredictionCells cells, Prediction prediction, bool withProbabilities)
    {
        ArgumentNullException.ThrowIfNull(cells);
        if (!withProbabilities)
        {
            return;
        }

        foreach (var probability in prediction.Probabilities)
        {
            cells.Add(probability);
        }
    }

    /// <summary>The classes of a column as its texts put themselves in order.</summary>
    /// <exception cref="TargetTextException">There are too many, or an order was given.</exception>
    protected IReadOnlyList<string> Sorted(string column, ITargetTexts texts, string? order)
    {
        ArgumentNullException.ThrowIfNull(texts);
        RequireNoOrder(column, order);
        return !texts.Overflows
            ? texts.Sorted()
            : throw new TargetTextException(
                null,
                $"the target has more than {texts.Values.Count} classes; {(texts.IsNumeric ? $"write {column}:regression if they are amounts, " : "")}join rare ones, or choose another target."
            );
    }

    /// <summary>Refuses texts that are no numbers.</summary>
    /// <exception cref="TargetTextException">One is none, or an order was given.</exception>
    protected IReadOnlyList<string> RequireNumbers(string column, ITargetTexts texts, string? order)
    {
        ArgumentNullException.ThrowIfNull(texts);
        RequireNoOrder(column, order);
        if (texts.FirstText is { } text)
        {
            throw new TargetTextException(
                text.Line,
                $"{texts.Quote(text.Text)} is not a number, which a {Name} target needs; correct it, leave it empty where it is missing, or write {column}:classification."
            );
        }

        return texts.FirstInfinite is { } infinite
            ? throw new TargetTextException(
                infinite.Line,
                $"{texts.Quote(infinite.Text)} is infinite or too large (above 1e150); correct it or leave it empty."
            )
            : [];
    }

    /// <summary>Refuses an order where there is none to give.</summary>
    /// <exception cref="TargetTextException">One was given.</exception>
    protected void RequireNoOrder(string column, string? order)
    {
        if (order is not null)
        {
            throw new TargetTextException(
                null,
                $"a {Name} target takes no order of levels ('{order}'); leave '={order}' out, or write {column}:ordinal={order}.",
                isRequest: true
            );
        }
    }
}
