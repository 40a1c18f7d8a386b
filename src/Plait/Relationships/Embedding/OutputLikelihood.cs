using Plait.Tasks;
using Plait.Tasks.Losses;
using static TorchSharp.torch.nn;

namespace Plait.Relationships.Embedding;

/// <summary>What a network's outputs say of a label: a distribution, whose logarithm has a gradient by the outputs.</summary>
internal abstract class OutputLikelihood
{
    /// <summary>The distribution of a task's loss: classes, yes or no for each output, and numbers with the spread that the outputs leave.</summary>
    /// <param name="task">The task.</param>
    /// <param name="outputs">[rows, channels], of the rows of the target.</param>
    /// <param name="target">Labels; for numbers they tell the spread.</param>
    public static OutputLikelihood Of(LearningTask task, Tensor outputs, TaskTarget target) =>
        task.Loss switch
        {
            CrossEntropy => new Classes(),
            BinaryCrossEntropy => new YesOrNo(),
            _ => Normal.Around(outputs, target),
        };

    /// <summary>
    /// Gradients of the log-likelihood by the outputs whose outer products add up, in the mean over chance, to the Fisher
    /// information of the outputs.
    /// </summary>
    /// <param name="outputs">[rows, channels], without a graph.</param>
    /// <param name="draws">How many labels are drawn a row; 0 for all labels by their probability.</param>
    /// <param name="generator">Draws, on the CPU.</param>
    /// <returns>Each [rows, channels].</returns>
    public IEnumerable<Tensor> Scores(Tensor outputs, int draws, torch.Generator generator) =>
        draws == 0
            ? Exact(outputs)
            : Enumerable.Range(0, draws).Select(_ => Draw(outputs, generator).div(Math.Sqrt(draws)));

    /// <summary>Minus the log-likelihood of each label, up to what does not depend on the outputs.</summary>
    /// <param name="outputs">[rows, channels].</param>
    /// <param name="labels">As tasks give them.</param>
    /// <returns>[rows, ...].</returns>
    public abstract Tensor Cost(Tensor outputs, Tensor labels);

    /// <summary>The gradient for one label a row, drawn from the distribution.</summary>
    protected abstract Tensor Draw(Tensor outputs, torch.Generator generator);

    /// <summary>Gradients whose outer products add up to the information itself.</summary>
    protected abstract IEnumerable<Tensor> Exact(Tensor outputs);

    /// <summary>For outputs that are independent of each other: one channel at a time.</summary>
    private static IEnumerable<Tensor> OneByOne(Tensor spreads)
    {
        for (var channel = 0L; channel < spreads.size(1); channel++)
        {
            var alone = torch.zeros_like(spreads);
            alone.select(1, channel).copy_(spreads.select(1, channel));
            yield return alone;
        }
    }

    private static Tensor Uniform(long[] shape, Tensor like, torch.Generator generator) =>
        torch.rand(shape, generator: generator).to(like);

    /// <summary>One of several classes: softmax.</summary>
    private sealed class Classes : OutputLikelihood
    {
        public override Tensor Cost(Tensor outputs, Tensor labels) =>
            functional.cross_entropy(outputs, labels, reduction: Reduction.None);

        protected override Tensor Draw(Tensor outputs, torch.Generator generator)
        {
            var beliefs = outputs.softmax(1);
            var below = beliefs.cumsum(1).lt(Uniform([outputs.size(0), 1], outputs, generator));
            var label = below.sum(1L).clamp_max(outputs.size(1) - 1);
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

    /// <summary>Yes or no for each output: sigmoid.</summary>
    private sealed class YesOrNo : OutputLikelihood
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

    /// <summary>Numbers, spread normally around each output by what the outputs leave unexplained.</summary>
    private sealed class Normal(Tensor spread) : OutputLikelihood
    {
        private const double LeastShare = 1e-6; // of a target's variance: labels that are explained to the last bit tell no spread

        private readonly Tensor spread = spread; // [channels]

        public static Normal Around(Tensor outputs, TaskTarget target)
        {
            using var scope = torch.NewDisposeScope();
            var labels = target.Values.reshape(outputs.shape).to(outputs);
            var factors = target.Factors?.reshape(outputs.shape).to(outputs) ?? torch.ones_like(outputs);
            var total = factors.sum(dim: 0L);
            total = total.add(total.eq(0));
            var mean = labels.mul(factors).sum(dim: 0L).div(total);
            var whole = labels.sub(mean).square().mul(factors).sum(dim: 0L).div(total);
            var left = labels.sub(outputs).square().mul(factors).sum(dim: 0L).div(total);
            var least = torch.where(whole.gt(0), whole, torch.ones_like(whole)).mul(LeastShare);
            return new(left.maximum(least).sqrt().MoveToOuterDisposeScope());
        }

        public override Tensor Cost(Tensor outputs, Tensor labels) =>
            labels.reshape(outputs.shape).to(outputs).sub(outputs).div(spread.to(outputs)).square().div(2);

        protected override Tensor Draw(Tensor outputs, torch.Generator generator) =>
            torch.randn(outputs.shape, generator: generator).to(outputs).div(spread.to(outputs));

        protected override IEnumerable<Tensor> Exact(Tensor outputs) =>
            OneByOne(torch.ones_like(outputs).div(spread.to(outputs)));
    }
}
