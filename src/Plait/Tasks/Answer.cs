namespace Plait.Tasks;

/// <summary>What a task's output means. Everything that depends on the kind of a task is asked of it.</summary>
/// <remarks>
/// Immutable. A new kind of answer is a subclass; nobody asks of which one an answer is. What users call it in a table, and how
/// texts become targets, is an <see cref="AnswerKind"/> beside it.
/// </remarks>
public abstract class Answer
{
    /// <summary>Sets the shape.</summary>
    /// <param name="channels">Numbers of one answer; 1 or more.</param>
    /// <param name="layout">Where answers stand.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no channel.</exception>
    protected Answer(int channels, Layout layout)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        Channels = channels;
        Layout = layout;
    }

    /// <summary>The kind, as a user writes it: "regression".</summary>
    public abstract string Kind { get; }

    /// <summary>What the numbers of an output are.</summary>
    public abstract OutputMeaning Meaning { get; }

    /// <summary>Numbers of one answer; 1 or more.</summary>
    public int Channels { get; }

    /// <summary>Where answers stand.</summary>
    public Layout Layout { get; }

    /// <summary>The shape of one row's output.</summary>
    public OutputShape Output => new(Channels, Layout);

    /// <summary>What a task is judged by unless something else is named, the primary metric first; all of them enter <see cref="DeltaM"/>.</summary>
    public abstract IReadOnlyList<Metric> DefaultMetrics { get; }

    /// <summary>What a report on a target of a table shows, the primary metric first: <see cref="DefaultMetrics"/>, and what tells more.</summary>
    public virtual IReadOnlyList<Metric> ReportedMetrics => DefaultMetrics;

    /// <summary>How many classes a target is one of; two for a yes or no, 0 where targets are no classes.</summary>
    public virtual int Classes => 0;

    /// <summary>Minus the log-likelihood of a target for a guess that knows nothing, in nats; NaN where there is no such guess.</summary>
    public double ChanceLoss => Classes > 0 ? Math.Log(Classes) : double.NaN;

    /// <summary>What one channel says where each is a yes or a no of its own; null for other answers.</summary>
    public virtual Answer? OfOneLabel => null;

    /// <summary>Whether decisions and targets are numbers whose difference is an error.</summary>
    public virtual bool IsNumeric => false;

    /// <summary>Whether outputs stand for a distribution of targets, which <see cref="LikelihoodOf"/> gives.</summary>
    public virtual bool HasLikelihood => false;

    /// <summary>Whether a student can learn from what another network says; else distillation refuses the task.</summary>
    public virtual bool CanBeTaught => true;

    /// <summary>What the report draws a map of answers with.</summary>
    public virtual AnswerColours Colours => AnswerColours.Heat;

    /// <summary>The loss that trains the kind.</summary>
    /// <param name="classWeights">What each class counts, in their order; null when all count 1.</param>
    /// <exception cref="ArgumentException">There are weights, and no classes or not as many.</exception>
    public abstract TaskLoss DefaultLoss(IReadOnlyList<float>? classWeights = null);

    /// <summary>What the output says, as targets say it: class numbers (Int64), or numbers of the output's type.</summary>
    /// <param name="output">[rows, channels] and the axes of the layout after them.</param>
    /// <returns>Of the shape that targets have, or with a channel axis of 1 more.</returns>
    public abstract Tensor Decide(Tensor output);

    /// <summary>The probability of each class, or of a yes; null where the output tells none.</summary>
    /// <param name="output">[rows, channels] and the axes of the layout after them.</param>
    /// <returns>[rows, classes, ...], or of the output's shape for a yes.</returns>
    public virtual Tensor? Probabilities(Tensor output) => null;

    /// <summary>A number that rises with the probability of class 1 of two; null where there are not two classes.</summary>
    /// <param name="output">[rows, channels] and the axes of the layout after them.</param>
    /// <returns>One a target.</returns>
    public virtual Tensor? Score(Tensor output) => null;

    /// <summary>Minus the natural logarithm of the probability of each target, row by row.</summary>
    /// <param name="output">[rows, channels] and the axes of the layout after them.</param>
    /// <param name="target">As many targets; what is said for one that is missing means nothing.</param>
    /// <exception cref="NotSupportedException">The output tells no probabilities; the kind has no classes.</exception>
    public virtual double[] Surprisals(Tensor output, TaskTarget target) =>
        throw new NotSupportedException($"The outputs of a {Kind} tell no probabilities of targets.");

    /// <summary>Refuses outputs and targets whose shapes do not fit.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    public virtual void RequireShapes(Tensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        _ = TargetShapes.Align(output, target);
    }

    /// <summary>The output, the same for every row, that suits some targets best: what a model is to beat.</summary>
    /// <param name="training">Targets, at least one of them present.</param>
    /// <param name="classWeights">What each class counts in the loss; null when all count 1.</param>
    /// <returns>[1, channels].</returns>
    public abstract Tensor Guess(TaskTarget training, IReadOnlyList<float>? classWeights = null);

    /// <summary>The distribution of targets that outputs stand for.</summary>
    /// <param name="output">[rows, channels], of the rows of the target.</param>
    /// <param name="target">Targets; where outputs do not say the spread around them, these do.</param>
    /// <exception cref="NotSupportedException">They stand for none: <see cref="HasLikelihood"/> is false.</exception>
    public virtual OutputLikelihood LikelihoodOf(Tensor output, TaskTarget target) =>
        throw new NotSupportedException($"The outputs of a {Kind} stand for no distribution of targets.");

    /// <summary>What a student learns from a teacher's output; the mean of several teachers' is what they say together.</summary>
    /// <param name="output">The teacher's.</param>
    /// <param name="temperature">Divides logits; above 0. Without logits it does nothing.</param>
    /// <returns>Probabilities where the kind has some, else what a target says.</returns>
    public virtual Tensor Soften(Tensor output, double temperature) => Decide(output);

    /// <summary>How far a student is from softened answers: τ² KL(softened ‖ student at temperature τ), the mean over the answers.</summary>
    /// <param name="softened">What <see cref="Soften"/> gave.</param>
    /// <param name="output">The student's.</param>
    /// <param name="temperature">τ.</param>
    /// <returns>A scalar; null where softened answers are targets like any others, from which the task's own loss learns.</returns>
    public virtual Tensor? Divergence(Tensor softened, Tensor output, double temperature) => null;

    /// <summary>A student's cross-entropy against softened answers, the mean over the answers.</summary>
    /// <param name="softened">What <see cref="Soften"/> gave at temperature 1.</param>
    /// <param name="output">The student's.</param>
    /// <returns>A scalar; null where <see cref="Divergence"/> is.</returns>
    public virtual Tensor? CrossEntropy(Tensor softened, Tensor output) => null;

    /// <summary>Maps of what the output says, as <see cref="Colours"/> draws them.</summary>
    /// <param name="output">[rows, channels, height, width].</param>
    /// <returns>[rows, 1 or more, height, width].</returns>
    public virtual Tensor Maps(Tensor output) => Decide(output);

    /// <summary>As errors write it: "4 classes a row".</summary>
    public override string ToString() => $"{Channels} {Meaning} a {Layout.ToString().ToLowerInvariant()}";

    /// <summary>Σ p (log p - log q), where 0 log 0 is 0.</summary>
    /// <param name="target">p.</param>
    /// <param name="logarithms">log q, of the same shape.</param>
    protected static Tensor RelativeEntropy(Tensor target, Tensor logarithms)
    {
        ArgumentNullException.ThrowIfNull(target);
        return torch.xlogy(target, target).sum().sub(target.mul(logarithms).sum());
    }

    /// <summary>How much the targets of each class count together, at least half a target: [classes], float.</summary>
    /// <param name="target">Class numbers, Int64 or not, or what <see cref="ByClass"/> reads; missing ones count nothing.</param>
    /// <param name="classWeights">What each class counts; null when all count 1.</param>
    protected Tensor ClassTotals(TaskTarget target, IReadOnlyList<float>? classWeights)
    {
        ArgumentNullException.ThrowIfNull(target);
        // What each class counts together: of the rows of the training part, by their own weights and those of their classes.
        var counted = target.Factors ?? torch.ones_like(target.Values, ScalarType.Float32);
        var (classes, counts) = ByClass(target.Values, counted.mul(target.PresentCount / target.WeightSum));
        var rows = classes.bincount(counts, minlength: Classes).to(ScalarType.Float32).clamp(min: 0.5);
        var weights = torch.tensor(classWeights?.ToArray() ?? [.. Enumerable.Repeat(1f, Classes)]).to(rows.device);
        return rows.mul(weights).clamp(min: float.Epsilon);
    }

    /// <summary>The class of each target and what it counts there; a target that is partly of several classes is there for each of them.</summary>
    /// <param name="values">Targets of any shape; what a missing one is does not matter.</param>
    /// <param name="counts">What each counts, 0 for a missing one; of the same shape.</param>
    /// <returns>Class numbers, Int64, and as many counts, each along one axis.</returns>
    protected virtual (Tensor Classes, Tensor Counts) ByClass(Tensor values, Tensor counts)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(counts);
        return (values.to(ScalarType.Int64).flatten(), counts.flatten());
    }

    /// <summary>Refuses weights that are not one a class.</summary>
    /// <exception cref="ArgumentException">There are no classes, or not as many.</exception>
    protected void RequireOnePerClass(IReadOnlyList<float>? classWeights)
    {
        if (classWeights is not null && classWeights.Count != Classes)
        {
            throw new ArgumentException(
                Classes == 0
                    ? $"A {Kind} has no classes to weigh; leave the class weights out."
                    : $"There are {classWeights.Count} class weights for {Classes} classes; give one a class."
            );
        }
    }
}
