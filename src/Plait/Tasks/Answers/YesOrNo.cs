using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;
using static TorchSharp.torch.nn;

namespace Plait.Tasks.Answers;

/// <summary>A yes or a no for each output, which is a logit. Targets are 0 and 1, or a probability between; NaN is missing.</summary>
public abstract class YesOrNo : Answer
{
    /// <summary>Sets the shape.</summary>
    /// <param name="questions">How many there are a row or a pixel.</param>
    /// <param name="layout">Where answers stand.</param>
    protected YesOrNo(int questions, Layout layout)
        : base(questions, layout) { }

    /// <inheritdoc/>
    public sealed override OutputMeaning Meaning => OutputMeaning.YesOrNo;

    /// <inheritdoc/>
    public sealed override Answer? OfOneLabel => new Binary(Layout);

    /// <inheritdoc/>
    public sealed override int Classes => 2;

    /// <inheritdoc/>
    public sealed override AnswerColours Colours => AnswerColours.Probability;

    /// <inheritdoc/>
    public sealed override TaskLoss DefaultLoss(IReadOnlyList<float>? classWeights = null) =>
        classWeights is null ? new BinaryCrossEntropy() : new BinaryCrossEntropy(classWeights);

    /// <inheritdoc/>
    public sealed override Tensor Decide(Tensor output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return output.gt(0).to(output.dtype);
    }

    /// <inheritdoc/>
    public sealed override Tensor Maps(Tensor output) => Probabilities(output)!;

    /// <inheritdoc/>
    public sealed override Tensor? Probabilities(Tensor output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return output.sigmoid();
    }

    /// <inheritdoc/>
    public sealed override Tensor? Score(Tensor output) => output;

    /// <inheritdoc/>
    public sealed override double[] Surprisals(Tensor output, TaskTarget target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        using var scope = torch.NewDisposeScope();
        var logits = HostMemory.Doubles(TargetShapes.Align(output, target.Values));
        var values = HostMemory.Doubles(target.Values);
        var each = new double[logits.Length];
        for (var i = 0; i < each.Length; i++)
        {
            each[i] = Math.Max(logits[i], 0) - (logits[i] * values[i]) + SoftplusOfMinusAbsolute(logits[i]);
        }

        return each;
    }

    /// <inheritdoc/>
    public override Tensor Guess(TaskTarget training, IReadOnlyList<float>? classWeights = null)
    {
        var logits = ClassTotals(training, classWeights).log();
        return logits[1].sub(logits[0]).view(1, 1).expand(1, Channels);
    }

    /// <inheritdoc/>
    public sealed override bool HasLikelihood => true;

    /// <inheritdoc/>
    public sealed override OutputLikelihood LikelihoodOf(Tensor output, TaskTarget target) => new Sigmoid();

    /// <inheritdoc/>
    public sealed override Tensor Soften(Tensor output, double temperature)
    {
        ArgumentNullException.ThrowIfNull(output);
        return output.div(temperature).sigmoid();
    }

    /// <inheritdoc/>
    public sealed override Tensor? Divergence(Tensor softened, Tensor output, double temperature)
    {
        ArgumentNullException.ThrowIfNull(softened);
        ArgumentNullException.ThrowIfNull(output);
        var (target, logits) = (softened.to(output.dtype), output.div(temperature));
        return RelativeEntropy(target, functional.logsigmoid(logits))
            .add(RelativeEntropy(1 - target, functional.logsigmoid(logits.neg())))
            .mul(temperature * temperature / (double)output.numel());
    }

    /// <inheritdoc/>
    public sealed override Tensor? CrossEntropy(Tensor softened, Tensor output)
    {
        ArgumentNullException.ThrowIfNull(softened);
        ArgumentNullException.ThrowIfNull(output);
        return functional.binary_cross_entropy_with_logits(output, softened.to(output.dtype));
    }

    /// <inheritdoc/>
    /// <remarks>A probability is that much of a yes, and the rest of a no.</remarks>
    protected sealed override (Tensor Classes, Tensor Counts) ByClass(Tensor values, Tensor counts)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(counts);
        var yes = values.to(counts.dtype).mul(counts).flatten();
        var ones = torch.ones_like(yes, ScalarType.Int64);
        return (torch.cat([ones - 1, ones]), torch.cat([counts.flatten().sub(yes), yes]));
    }

    /// <summary>log(1 + e^-|x|), without loss of digits where e^-|x| is small (Kahan's correction of log(1 + u)).</summary>
    private static double SoftplusOfMinusAbsolute(double x)
    {
        var u = Math.Exp(-Math.Abs(x));
        var rounded = 1 + u;
        return rounded == 1 ? u : Math.Log(rounded) * (u / (rounded - 1));
    }

    private sealed class Sigmoid : OutputLikelihood
    {
        public override Tensor Cost(Tensor outputs, Tensor labels)
        {
            var aligned = TargetShapes.Align(outputs, labels);
            return functional.binary_cross_entropy_with_logits(aligned, labels.to(outputs), reduction: Reduction.None);
        }

        protected override Tensor Draw(Tensor outputs, torch.Generator generator)
        {
            var beliefs = outputs.sigmoid();
            return Uniform(outputs.shape, outputs, generator).lt(beliefs).to(outputs).sub(beliefs);
        }

        protected override IEnumerable<Tensor> Exact(Tensor outputs)
        {
            var beliefs = outputs.sigmoid();
            return OneByOne(beliefs.mul(1 - beliefs).sqrt());
        }
    }
}
