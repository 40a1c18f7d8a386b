using Plait.Tasks.Metrics;
using static TorchSharp.torch.nn;

namespace Plait.Tasks.Answers;

/// <summary>How many: whole numbers from 0, of whose mean the output is the logarithm, over a usual mean. NaN is a missing target.</summary>
/// <remarks>
/// Poisson regression with a log link: Nelder and Wedderburn 1972, <i>Generalized Linear Models</i>. Beyond an output of 30, a mean of 10¹³, the
/// exponential goes on as its tangent, so that loss and gradient stay finite; targets are 10¹³ at most.
/// </remarks>
public sealed class Count : Answer
{
    private const double LargestLogarithm = 30;
    private const double LargestCount = 1e13; // below the mean from which on the tangent would never be steep enough

    private static readonly OutputMeaning LogMeans = new("logarithms of means");

    private readonly double offset; // what is added to an output to have the logarithm of a mean

    /// <summary>Sets the shape, and where outputs start.</summary>
    /// <param name="width">Numbers a row or a pixel; 1 or more.</param>
    /// <param name="layout">Where answers stand.</param>
    /// <param name="mean">
    /// The mean that an output of 0 stands for, finite and above 0: that of the training rows, so that a fresh network starts there and not
    /// at 1.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The mean is not above 0, or not finite.</exception>
    public Count(int width = 1, Layout layout = Layout.Row, double mean = 1)
        : base(width, layout)
    {
        offset =
            double.IsFinite(mean) && mean > 0
                ? Math.Log(mean)
                : throw new ArgumentOutOfRangeException(
                    nameof(mean),
                    mean,
                    "The usual mean of a count is finite and above 0; take that of the training rows."
                );
    }

    /// <inheritdoc/>
    public override string Kind => "count";

    /// <inheritdoc/>
    public override OutputMeaning Meaning => LogMeans;

    /// <inheritdoc/>
    public override bool IsNumeric => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> DefaultMetrics =>
        [new PoissonDeviance(), new MeanAbsoluteError(), new RootMeanSquaredError()];

    /// <inheritdoc/>
    public override TaskLoss DefaultLoss(IReadOnlyList<float>? classWeights = null)
    {
        RequireOnePerClass(classWeights);
        return new Poisson(this);
    }

    /// <inheritdoc/>
    /// <remarks>The mean.</remarks>
    public override Tensor Decide(Tensor output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var logarithm = LogarithmOf(output);
        var mean = logarithm.clamp_max(LargestLogarithm).exp();
        return mean.mul(logarithm.sub(LargestLogarithm).clamp_min(0).add(1));
    }

    /// <inheritdoc/>
    public override Tensor Guess(TaskTarget training, IReadOnlyList<float>? classWeights = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        var least = 0.5 / Math.Max(1, training.PresentCount); // half a count
        return Numeric.MeanOf(training, Channels).clamp_min(least).log().sub(offset);
    }

    /// <inheritdoc/>
    public override bool HasLikelihood => true;

    /// <inheritdoc/>
    public override OutputLikelihood LikelihoodOf(Tensor output, TaskTarget target) => new PoissonLikelihood(this);

    private Tensor LogarithmOf(Tensor output) => offset == 0 ? output : output.add(offset);

    /// <summary>What is wrong with a number that is to be a count; null when nothing is.</summary>
    internal static string? FaultOf(double number) =>
        number < 0 || number != Math.Floor(number)
            ? FormattableString.Invariant($"{number:R} is no count, which is a whole number from 0")
        : number > LargestCount
            ? FormattableString.Invariant($"{number:R} is more than a count can be, which is {LargestCount:R}")
        : null;

    /// <summary>Half the Poisson deviance: μ - y log μ, less what it is for μ = y. Never below 0; its gradient is that of minus the log-likelihood.</summary>
    /// <remarks>
    /// From y = 1 on it is computed as y (e^d - 1 - d) with d = log μ - log y, so that what is left of large counts is not lost in the difference
    /// of terms that are many times as large.
    /// </remarks>
    private sealed class Poisson(Count count) : TaskLoss
    {
        public override string Name => "poisson";

        public override OutputMeaning? Trains => LogMeans;

        public override string? FaultOf(TaskTarget target, OutputShape output)
        {
            ArgumentNullException.ThrowIfNull(target);
            if (base.FaultOf(target, output) is { } broken)
            {
                return broken;
            }

            using var scope = torch.NewDisposeScope();
            using var noGrad = torch.no_grad();
            var values = target.Values;
            var odd = values.lt(0).logical_or(values.ne(values.round())).logical_or(values.gt(LargestCount));
            return
                TargetFaults.First(values, target.Present is { } here ? odd.logical_and(here.ne(0)) : odd) is { } fault
                ? $"a count is {fault}, where counts are whole numbers from 0 to {LargestCount:G2}; correct it, or choose a regression"
                : null;
        }

        protected override Tensor Cost(Tensor output, Tensor target, Reduction reduction)
        {
            var whole = count.LogarithmOf(output);
            var logarithm = whole.clamp_max(LargestLogarithm);
            var ratio = logarithm.sub(target.clamp_min(1).log());
            var ofMany = target.mul(ratio.expm1().sub(ratio));
            var ofFew = logarithm.exp().sub(target.mul(logarithm)).add(torch.xlogy(target, target)).sub(target);
            var along = whole.sub(LargestLogarithm).clamp_min(0).mul(target.neg().add(Math.Exp(LargestLogarithm)));
            var each = torch.where(target.ge(1), ofMany, ofFew).clamp_min(0).add(along);
            return reduction == Reduction.Mean ? each.mean() : each;
        }
    }

    private sealed class PoissonLikelihood(Count count) : OutputLikelihood
    {
        public override Tensor Cost(Tensor outputs, Tensor labels) =>
            count.Decide(outputs).sub(labels.reshape(outputs.shape).to(outputs).mul(count.LogarithmOf(outputs)));

        protected override Tensor Draw(Tensor outputs, torch.Generator generator)
        {
            var mean = count.Decide(outputs);
            return torch.poisson(mean.cpu(), generator).to(outputs).sub(mean);
        }

        protected override IEnumerable<Tensor> Exact(Tensor outputs) => OneByOne(count.Decide(outputs).sqrt());
    }
}

/// <summary>The mean Poisson deviance, 2 (y log(y / μ) - y + μ): 0 for exact means, infinite for a mean of 0 where something was counted.</summary>
/// <remarks>McCullagh and Nelder 1989, <i>Generalized Linear Models</i>, section 2.3.</remarks>
public sealed class PoissonDeviance : Metric
{
    /// <inheritdoc/>
    public override string Name => "poisson deviance";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    public override bool Judges(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return answer.Meaning == new Count().Meaning;
    }

    /// <inheritdoc/>
    public override MetricAccumulator Start(Answer answer) => new MeanCostAccumulator(answer, Deviance);

    private static double Deviance(double mean, double count) =>
        2 * ((count == 0 ? 0 : count * Math.Log(count / mean)) - count + mean);
}

/// <summary>Whole numbers of a column, from 0, predicted by their means.</summary>
internal sealed class CountKind : AnswerKind
{
    /// <inheritdoc/>
    public override string Name => "count";

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> OwnMetrics => [new PoissonDeviance()];

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassesOf(string column, ITargetTexts texts, string? order)
    {
        var none = RequireNumbers(column, texts, order);
        foreach (var (text, line) in texts.Values)
        {
            if (texts.NumberOf(text) is { } number && FaultOf(number) is { } fault)
            {
                throw new TargetTextException(
                    line,
                    $"{fault}; correct it, leave it empty where it is missing, or write {column}:regression."
                );
            }
        }

        return none;
    }

    /// <inheritdoc/>
    public override string? FaultOf(double number) => Count.FaultOf(number);

    /// <inheritdoc/>
    /// <remarks>On the scale of outputs: the logarithm of the mean.</remarks>
    public override (double Mean, double StandardDeviation) ScaleOf(double mean, double deviation) =>
        (Math.Log(mean), 1);

    /// <inheritdoc/>
    public override Answer Create(FittedTarget target) => new Count(mean: Math.Exp(target.Mean));

    /// <inheritdoc/>
    public override void Write(
        IPredictionCells cells,
        FittedTarget target,
        Prediction prediction,
        bool withProbabilities
    ) => cells.Add((float)prediction.Decision[0]);
}

/// <summary>Makes tasks of counts.</summary>
public static class CountTask
{
    extension(LearningTask)
    {
        /// <summary>How many: a Poisson distribution with a log link, judged by its mean deviance and by the absolute and the root mean squared error.</summary>
        /// <param name="name">The task's name.</param>
        /// <param name="width">Counts a row. Targets are whole numbers from 0; NaN is missing.</param>
        /// <param name="metrics">What judges the task instead, the primary one first.</param>
        /// <param name="mean">The mean that an output of 0 stands for, above 0: that of the training rows.</param>
        public static LearningTask Count(
            string name,
            int width = 1,
            IReadOnlyList<Metric>? metrics = null,
            double mean = 1
        ) => new(name, new Count(width, mean: mean), metrics: metrics);
    }
}
