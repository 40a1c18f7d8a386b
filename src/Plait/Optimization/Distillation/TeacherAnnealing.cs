using Plait.Catalogue;
using Plait.Tasks;

namespace Plait.Optimization.Distillation;

/// <summary>Starts with the teachers' answers as targets and ends with the labels, in a straight line over the training.</summary>
/// <remarks>
/// <para>Clark et al. 2019, <i>BAM! Born-Again Multi-Task Networks</i>, section 3.2: the target is λ y + (1 - λ) p_teacher, where λ is the
/// share of the training's steps that are over. Cross-entropy is linear in its target, so the loss is λ L(y) + (1 - λ) L(p); and
/// (o - λy - (1-λ)t)² = λ(o - y)² + (1-λ)(o - t)² - λ(1-λ)(y - t)², whose last term teaches nothing but belongs to the value, and is
/// subtracted where all of a batch's targets are present and weigh 1. Other losses of numbers are mixed as cross-entropies are.</para>
/// <para>A row without a label has the teachers alone, with the weight 1 - λ: at the end the labels have the only word. λ follows the
/// epochs that the recipe names, so a training that stops early stops below 1. Give it before other terms: λ multiplies the loss so
/// far. Weights of rows are those of their labels: the teachers answer all rows alike.</para>
/// </remarks>
[Method(
    "teacher-annealing",
    Survey = "3.5",
    Paper = "Clark et al. 2019, BAM! Born-Again Multi-Task Networks for Natural Language Understanding",
    Arxiv = "1907.04829",
    Summary = "Moves the targets from the teachers' answers to the labels over the training (BAM)."
)]
public sealed class TeacherAnnealing(Teachers teachers) : Distillation(teachers)
{
    /// <summary>λ, the labels' share of the target at a step: the share of the training's steps that are over, from 0 to 1.</summary>
    public static double LabelShare(StepContext step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return Math.Min(1, step.Step / ((double)step.Epochs * step.StepsPerEpoch));
    }

    /// <inheritdoc/>
    protected override Tensor Distil(Tensor loss, int task, IReadOnlyList<Tensor> taught, ForwardResult pass)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(pass);
        var share = LabelShare(pass.Step);
        if (share == 1)
        {
            return loss;
        }

        var learned = pass.Network.Tasks[task];
        var target = SoftTarget.Of(task, pass, taught);
        var term = target.CrossEntropy(pass.Outputs[task]).mul(1 - share);
        if (share == 0)
        {
            return term;
        }

        var mixed = term.add(loss, alpha: share);
        var labels = pass.Batch.TargetOf(task);
        return learned.Loss.IsQuadratic && labels.Factors is null
            ? mixed.add(learned.Loss.Compute(target.Values, labels), alpha: -share * (1 - share))
            : mixed;
    }
}
