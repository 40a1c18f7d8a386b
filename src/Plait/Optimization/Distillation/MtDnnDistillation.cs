using Plait.Catalogue;

namespace Plait.Optimization.Distillation;

/// <summary>Averages the loss of the labels with the cross-entropy against the mean probabilities of an ensemble of teachers.</summary>
/// <remarks>
/// Liu et al. 2019, <i>Improving Multi-Task Deep Neural Networks via Knowledge Distillation</i>, section 3 and figure 2: (CE(y, P) +
/// CE(Q, P)) / 2 for a task that has teachers, and the labels alone for one that has none. Numbers take the task's own loss with the
/// teachers' mean as target.
/// </remarks>
[Method(
    "mt-dnn-kd",
    Survey = "3.5",
    Paper = "Liu et al. 2019, Improving Multi-Task Deep Neural Networks via Knowledge Distillation for Natural Language Understanding",
    Arxiv = "1904.09482",
    Summary = "Averages the labels' loss with the cross-entropy against an ensemble's mean probabilities."
)]
public sealed class MtDnnDistillation(Teachers teachers) : Distillation(teachers)
{
    /// <inheritdoc/>
    protected override Tensor Distil(Tensor loss, int task, IReadOnlyList<Tensor> taught, ForwardResult pass)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(pass);
        var target = SoftTarget.Of(task, pass, taught);
        return loss.add(target.CrossEntropy(pass.Outputs[task])).div(2);
    }
}
