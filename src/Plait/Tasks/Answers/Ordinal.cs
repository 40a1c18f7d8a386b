using System.Globalization;
using System.Runtime.InteropServices;
using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;
using static TorchSharp.torch.nn;

namespace Plait.Tasks.Answers;

/// <summary>One of several levels that stand in an order, such as stars. Targets are Int64 numbers from 0; a negative one is missing.</summary>
/// <remarks>
/// The continuation-ratio model, as Shi, Cao and Raschka 2021, <i>Deep Neural Networks for Rank-Consistent Ordinal Regression Based On
/// Conditional Probabilities</i> (CORN, arXiv 2111.08851), read K - 1 ordinary outputs: P(y &gt; k | y ≥ k) = sigmoid(f_k). So P(y &gt; k) is a product of
/// sigmoids, falls with k whatever the outputs are, and all K probabilities add up to 1. The decision is the median level.
/// </remarks>
public sealed class Ordinal : Answer
{
    private static readonly OutputMeaning Steps = new("logits of steps between levels");

    /// <summary>Sets the levels.</summary>
    /// <param name="levels">How many; 2 or more.</param>
    /// <param name="layout">Where answers stand.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two.</exception>
    public Ordinal(int levels, Layout layout = Layout.Row)
        : base(Math.Max(1, levels - 1), layout)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 2);
    }

    /// <inheritdoc/>
    public override string Kind => "ordinal";

    /// <inheritdoc/>
    public override OutputMeaning Meaning => Steps;

    /// <inheritdoc/>
    public override int Classes => Channels + 1;

    /// <inheritdoc/>
    /// <remarks>Levels are taken as equally far from each other.</remarks>
    public override bool IsNumeric => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> DefaultMetrics =>
        [new MeanAbsoluteError(), new Accuracy(), new QuadraticKappa()];

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> ReportedMetrics => [.. DefaultMetrics, new LogLoss()];

    /// <summary>log P(y = k) for each level.</summary>
    /// <param name="output">[rows, levels - 1, ...].</param>
    /// <returns>[rows, levels, ...].</returns>
    public static Tensor LogProbabilities(Tensor output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var first = torch.zeros_like(output.narrow(1, 0, 1));
        var beyond = torch.cat([first, functional.logsigmoid(output).cumsum(1)], 1); // log P(y ≥ k)
        var stops = torch.cat([functional.logsigmoid(output.neg()), first], 1); // log P(y = k | y ≥ k)
        return beyond.add(stops);
    }

    /// <inheritdoc/>
    public override TaskLoss DefaultLoss(IReadOnlyList<float>? classWeights = null)
    {
        RequireOnePerClass(classWeights);
        return new Likelihood(classWeights);
    }

    /// <inheritdoc/>
    /// <remarks>In double precision, so that a row near the median is of one level whatever the precision of its output.</remarks>
    public override Tensor Decide(Tensor output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var beyond = functional.logsigmoid(output.to(ScalarType.Float64)).cumsum(1); // log P(y > k)
        return beyond.gt(-Math.Log(2)).sum(1L, type: ScalarType.Int64);
    }

    /// <inheritdoc/>
    public override Tensor Maps(Tensor output) => Decide(output).unsqueeze(1);

    /// <inheritdoc/>
    public override Tensor? Probabilities(Tensor output) => LogProbabilities(output).exp();

    /// <inheritdoc/>
    public override Tensor? Score(Tensor output) => Classes == 2 ? output : null;

    /// <inheritdoc/>
    public override double[] Surprisals(Tensor output, TaskTarget target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        using var scope = torch.NewDisposeScope();
        var levels = target.Values.to(ScalarType.Int64).clamp(0, Channels).to(output.device);
        return HostMemory.Doubles(CostOf(output.to(ScalarType.Float64), levels)).ToArray();
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
    /// <remarks>The shares of the levels.</remarks>
    public override Tensor Guess(TaskTarget training, IReadOnlyList<float>? classWeights = null)
    {
        var totals = ClassTotals(training, classWeights);
        var beyond = totals.flip(0).cumsum(0).flip(0); // of level k and above
        return beyond.narrow(0, 1, Channels).log().sub(totals.narrow(0, 0, Channels).log()).unsqueeze(0);
    }

    /// <inheritdoc/>
    public override bool HasLikelihood => true;

    /// <inheritdoc/>
    public override OutputLikelihood LikelihoodOf(Tensor output, TaskTarget target) => new ReachedSteps();

    /// <inheritdoc/>
    /// <returns>The probabilities of the levels, [rows, levels, ...].</returns>
    public override Tensor Soften(Tensor output, double temperature) => LogProbabilities(output.div(temperature)).exp();

    /// <inheritdoc/>
    public override Tensor? Divergence(Tensor softened, Tensor output, double temperature)
    {
        ArgumentNullException.ThrowIfNull(softened);
        var student = LogProbabilities(output.div(temperature));
        return RelativeEntropy(softened.to(student.dtype), student)
            .mul(temperature * temperature * Classes / student.numel());
    }

    /// <inheritdoc/>
    public override Tensor? CrossEntropy(Tensor softened, Tensor output)
    {
        ArgumentNullException.ThrowIfNull(softened);
        var student = LogProbabilities(output);
        return softened.to(student.dtype).mul(student).sum().mul(-Classes / (double)student.numel());
    }

    /// <summary>Minus log P(y) for each target, [rows, ...].</summary>
    private static Tensor CostOf(Tensor output, Tensor levels) =>
        LogProbabilities(output).gather(1, levels.unsqueeze(1)).squeeze(1).neg();

    /// <summary>Minus the log-likelihood of the level; with class weights the mean is taken over them, as by <see cref="Losses.CrossEntropy"/>.</summary>
    private sealed class Likelihood(IReadOnlyList<float>? classWeights) : TaskLoss
    {
        private readonly ConstantVector? weights = classWeights is null ? null : new ConstantVector(classWeights);

        public override string Name => "continuation-ratio";

        public override OutputMeaning? Trains => Steps;

        public override bool IsLogLikelihood => true;

        public override IReadOnlyList<float>? ClassWeights => weights?.Values;

        public override Tensor Compute(Tensor output, TaskTarget target)
        {
            ArgumentNullException.ThrowIfNull(output);
            ArgumentNullException.ThrowIfNull(target);
            TargetShapes.RequireClasses(output, target.Values);
            Tensor each;
            try
            {
                each = CostOf(output, target.Values);
            }
            catch (ExternalException failure)
                when (FaultOf(target, OutputShape.Vector((int)output.size(1))) is { } fault)
            {
                throw new ArgumentException($"Continuation ratio: {fault}.", failure);
            }

            if (FactorsOf(target, output) is not { } factors)
            {
                return target.PresentCount > 0 ? each.mean() : each.sum();
            }

            var (sum, total) = (each.mul(factors).sum(), factors.sum());
            return weights is null ? sum.div(target.Divisor) : sum.div(total.add(total.eq(0)));
        }

        public override double WeightOf(TaskTarget target)
        {
            ArgumentNullException.ThrowIfNull(target);
            if (weights is null)
            {
                return base.WeightOf(target);
            }

            using var scope = torch.NewDisposeScope();
            var like = torch.zeros(1, ScalarType.Float64, target.Values.device);
            return FactorsOf(target, like)!.sum().item<double>();
        }

        public override string? FaultOf(TaskTarget target, OutputShape output)
        {
            ArgumentNullException.ThrowIfNull(target);
            if (target.Values.dtype != ScalarType.Int64)
            {
                return $"numbers of levels are Int64, and here they are {target.Values.dtype}; TaskTarget.FromRaw makes them from any integers";
            }

            return TargetFaults.FirstOutside(target, 0, output.Channels) is { } fault
                ? $"the number of a level is {fault}, where the {output.Channels + 1} levels are 0 to {output.Channels}; give the task more levels, or mark such targets as missing"
                : null;
        }

        protected override Tensor Cost(Tensor output, Tensor target, Reduction reduction) =>
            reduction == Reduction.Mean ? CostOf(output, target).mean() : CostOf(output, target);

        /// <summary>What each target counts, in the type of another tensor; null when all are present and count 1.</summary>
        private Tensor? FactorsOf(TaskTarget target, Tensor like)
        {
            var own = target.Factors?.to(like.dtype);
            if (weights is null)
            {
                return own;
            }

            var ofLevels = weights.Like(like).index_select(0, target.Values.flatten()).view(target.Values.shape);
            return own is null ? ofLevels : ofLevels.mul(own);
        }
    }

    private sealed class ReachedSteps : OutputLikelihood
    {
        public override Tensor Cost(Tensor outputs, Tensor labels) => CostOf(outputs, labels);

        protected override Tensor Draw(Tensor outputs, torch.Generator generator) =>
            Score(outputs, DrawClass(LogProbabilities(outputs).exp(), generator));

        protected override IEnumerable<Tensor> Exact(Tensor outputs)
        {
            var roots = LogProbabilities(outputs).div(2).exp();
            for (var level = 0L; level < roots.size(1); level++)
            {
                var label = torch.full([outputs.size(0)], level, ScalarType.Int64, outputs.device);
                yield return Score(outputs, label).mul(roots.narrow(1, level, 1));
            }
        }

        /// <summary>Each step that was reached, less its probability: 1 where it was taken.</summary>
        private static Tensor Score(Tensor outputs, Tensor labels)
        {
            var step = torch.arange(outputs.size(1), ScalarType.Int64, outputs.device).unsqueeze(0);
            var level = labels.unsqueeze(1);
            var taken = level.gt(step).to(outputs);
            return taken.sub(outputs.sigmoid()).mul(level.ge(step).to(outputs));
        }
    }
}

/// <summary>Texts of a column that are levels: numbers in the order of their values, or texts in the order that the user gives.</summary>
internal sealed class OrdinalKind : ClassKind
{
    /// <inheritdoc/>
    public override string Name => "ordinal";

    /// <inheritdoc/>
    public override bool KnowsClassesByNumber => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> OwnMetrics => [new QuadraticKappa()];

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassesOf(string column, ITargetTexts texts, string? order)
    {
        if (order is not null)
        {
            return Given(column, texts, order);
        }

        return texts.FirstText is not { } text
            ? [.. Sorted(column, texts, null).DistinctBy(texts.NumberOf)]
            : throw new TargetTextException(
                text.Line,
                $"{texts.Quote(text.Text)} is not a number, so the order of the levels is not known; write them from the lowest to the highest, as in '{column}:ordinal=S<M<L'."
            );
    }

    /// <inheritdoc/>
    public override Answer Create(FittedTarget target) => new Ordinal(target.Classes.Count);

    private static string[] Given(string column, ITargetTexts texts, string order)
    {
        string[] levels = [.. order.Split('<').Select(level => level.Trim())];
        if (
            levels.Length < 2
            || levels.Contains("")
            || levels
                .DistinctBy(level => texts.NumberOf(level)?.ToString("R", CultureInfo.InvariantCulture) ?? level)
                .Count() < levels.Length
        )
        {
            throw new TargetTextException(
                null,
                $"the order '{order}' does not name two or more different levels; write them from the lowest to the highest, as in '{column}:ordinal=S<M<L'.",
                isRequest: true
            );
        }

        var numbers = levels.Select(texts.NumberOf).OfType<double>().ToHashSet();
        var (text, line) = texts.Values.FirstOrDefault(value =>
            !levels.Contains(value.Key) && !(texts.NumberOf(value.Key) is { } number && numbers.Contains(number))
        );
        return text is null && !texts.Overflows
            ? levels
            : throw new TargetTextException(
                text is null ? null : line,
                $"{(text is null ? "some text" : texts.Quote(text))} is no level of the order '{order}'; add it there, correct it, or leave it empty where it is missing."
            );
    }
}

/// <summary>Makes tasks of levels.</summary>
public static class OrdinalTask
{
    extension(LearningTask)
    {
        /// <summary>One of several levels in an order: continuation ratios, judged by the mean absolute error of levels, accuracy and quadratic kappa.</summary>
        /// <param name="name">The task's name.</param>
        /// <param name="levels">How many; 2 or more. Targets are Int64 numbers from 0, the lowest; a negative one is missing.</param>
        /// <param name="classWeights">One weight a level, or null for equal ones.</param>
        /// <param name="metrics">What judges the task instead, the primary one first.</param>
        public static LearningTask Ordinal(
            string name,
            int levels,
            IReadOnlyList<float>? classWeights = null,
            IReadOnlyList<Metric>? metrics = null
        )
        {
            var answer = new Ordinal(levels);
            return new(name, answer, answer.DefaultLoss(classWeights), metrics);
        }
    }
}
