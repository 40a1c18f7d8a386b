using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;
using static TorchSharp.torch.nn;

namespace Plait.Tasks.Answers;

/// <summary>One of several classes: a logit each. Targets are Int64 numbers from 0; a negative one is missing.</summary>
public sealed class Categorical : Answer
{
    /// <summary>Sets the classes.</summary>
    /// <param name="classes">How many; 2 or more.</param>
    /// <param name="layout">Where answers stand.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two.</exception>
    public Categorical(int classes, Layout layout = Layout.Row)
        : base(classes, layout)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
    }

    /// <inheritdoc/>
    public override string Kind => "classification";

    /// <inheritdoc/>
    public override OutputMeaning Meaning => OutputMeaning.Classes;

    /// <inheritdoc/>
    public override int Classes => Channels;

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> DefaultMetrics =>
        Layout == Layout.Pixel ? Metric.ForSegmentation : [new Accuracy()];

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> ReportedMetrics =>
        [.. DefaultMetrics, new BalancedAccuracy(), new F1(F1Average.Macro), new LogLoss()];

    /// <inheritdoc/>
    public override AnswerColours Colours => AnswerColours.Classes;

    /// <inheritdoc/>
    public override TaskLoss DefaultLoss(IReadOnlyList<float>? classWeights = null)
    {
        RequireOnePerClass(classWeights);
        return new CrossEntropy(classWeights);
    }

    /// <inheritdoc/>
    public override Tensor Decide(Tensor output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return output.argmax(1);
    }

    /// <inheritdoc/>
    public override Tensor Maps(Tensor output) => Decide(output).unsqueeze(1);

    /// <inheritdoc/>
    public override Tensor? Probabilities(Tensor output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return output.softmax(1);
    }

    /// <inheritdoc/>
    public override Tensor? Score(Tensor output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return Classes == 2 ? output.select(1, 1) - output.select(1, 0) : null;
    }

    /// <inheritdoc/>
    public override double[] Surprisals(Tensor output, TaskTarget target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        using var scope = torch.NewDisposeScope();
        var labels = HostMemory.Classes(this, target);
        var logits = output.dtype == ScalarType.Float64 ? output : output.to(ScalarType.Float32);
        var each = functional.cross_entropy(
            logits,
            torch.tensor(labels).view(target.Values.shape).to(output.device),
            ignore_index: -1,
            reduction: Reduction.None
        );
        return HostMemory.Doubles(each).ToArray();
    }

    /// <inheritdoc/>
    public override void RequireShapes(Tensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        TargetShapes.RequireClasses(output, target);
        TargetShapes.RequireChannels(output, Channels);
    }

    /// <inheritdoc/>
    public override Tensor Guess(TaskTarget training, IReadOnlyList<float>? classWeights = null) =>
        ClassTotals(training, classWeights).log().unsqueeze(0);

    /// <inheritdoc/>
    public override bool HasLikelihood => true;

    /// <inheritdoc/>
    public override OutputLikelihood LikelihoodOf(Tensor output, TaskTarget target) => new Softmax();

    /// <inheritdoc/>
    public override Tensor Soften(Tensor output, double temperature)
    {
        ArgumentNullException.ThrowIfNull(output);
        return output.div(temperature).softmax(1);
    }

    /// <inheritdoc/>
    public override Tensor? Divergence(Tensor softened, Tensor output, double temperature)
    {
        ArgumentNullException.ThrowIfNull(softened);
        ArgumentNullException.ThrowIfNull(output);
        var (target, logits) = (softened.to(output.dtype), output.div(temperature));
        return RelativeEntropy(target, logits.log_softmax(1)).mul(temperature * temperature / Answers(output));
    }

    /// <inheritdoc/>
    public override Tensor? CrossEntropy(Tensor softened, Tensor output)
    {
        ArgumentNullException.ThrowIfNull(softened);
        ArgumentNullException.ThrowIfNull(output);
        return softened.to(output.dtype).mul(output.log_softmax(1)).sum().div(-Answers(output));
    }

    private static double Answers(Tensor output) => output.numel() / output.size(1);

    private sealed class Softmax : OutputLikelihood
    {
        public override Tensor Cost(Tensor outputs, Tensor labels) =>
            functional.cross_entropy(outputs, labels, reduction: Reduction.None);

        protected override Tensor Draw(Tensor outputs, torch.Generator generator)
        {
            var beliefs = outputs.softmax(1);
            var label = DrawClass(beliefs, generator);
            return functional.one_hot(label, outputs.size(1)).to(beliefs).sub(beliefs);
        }

        protected override IEnumerable<Tensor> Exact(Tensor outputs)
        {
            var beliefs = outputs.softmax(1);
            for (var label = 0L; label < outputs.size(1); label++)
            {
                var score = beliefs.neg();
                score.select(1, label).add_(1);
                yield return score.mul(beliefs.narrow(1, label, 1).sqrt());
            }
        }
    }
}

/// <summary>Texts of a column, each different one a class.</summary>
internal sealed class CategoricalKind : ClassKind
{
    private const int MostWholeNumberClasses = 20;
    private const int LeastRowsPerClass = 2;

    /// <inheritdoc/>
    public override string Name => "classification";

    /// <inheritdoc/>
    public override int? Rank => 2;

    /// <inheritdoc/>
    /// <remarks>Texts, and up to 20 whole numbers that repeat.</remarks>
    public override bool Suits(ITargetTexts texts) =>
        texts.IsNumeric
            ? texts is { Overflows: false, IsWhole: true }
                && texts.Values.Count <= MostWholeNumberClasses
                && texts.Present >= (long)LeastRowsPerClass * texts.Values.Count
            : texts.Numbers <= texts.Present / 2;

    /// <inheritdoc/>
    public override string? NoteOf(string column, ITargetTexts texts) =>
        texts.IsNumeric
            ? $"Target '{column}' is taken as one of {texts.Values.Count} classes, as it has few whole numbers; write {column}:regression if they are amounts."
            : null;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassesOf(string column, ITargetTexts texts, string? order) =>
        Sorted(column, texts, order);

    /// <inheritdoc/>
    public override Answer Create(FittedTarget target) => new Categorical(target.Classes.Count);
}
