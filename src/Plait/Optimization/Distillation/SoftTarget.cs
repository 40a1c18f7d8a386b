using Plait.Tasks;
using static TorchSharp.torch.nn;

namespace Plait.Optimization.Distillation;

/// <summary>What the teachers of a task say together: the mean of their probabilities, or of their numbers.</summary>
/// <remarks>
/// A task's class weights and positive weight are left out of every term: a teacher that was trained with them has them in its
/// probabilities already.
/// </remarks>
internal sealed class SoftTarget
{
    private readonly LearningTask task;
    private readonly double temperature;
    private readonly AnswerKind kind;

    private SoftTarget(LearningTask task, Tensor values, double temperature)
    {
        this.task = task;
        this.temperature = temperature;
        kind = AnswerKinds.Of(task);
        Values = values;
    }

    /// <summary>Probabilities or numbers, of the shape of the task's output.</summary>
    public Tensor Values { get; }

    /// <summary>Gathers the teachers' outputs.</summary>
    /// <param name="task">The student's task.</param>
    /// <param name="outputs">One a teacher, each of the shape of the student's output.</param>
    /// <param name="temperature">Divides logits; above 0.</param>
    public static SoftTarget Of(LearningTask task, IReadOnlyList<Tensor> outputs, double temperature = 1)
    {
        using var noGrad = torch.no_grad();
        var kind = AnswerKinds.Of(task);
        var each = outputs.Select(output =>
            kind switch
            {
                AnswerKind.Classes => output.div(temperature).softmax(1),
                AnswerKind.YesOrNo => output.div(temperature).sigmoid(),
                _ => output,
            }
        );
        var mean = outputs.Count == 1 ? each.Single() : torch.stack(each).mean([0L]);
        return new(task, mean, temperature);
    }

    /// <summary>
    /// How far the student is from this: τ² times the divergence KL(this ‖ student at temperature τ), the mean over rows (and pixels);
    /// for numbers the task's own loss.
    /// </summary>
    public Tensor Divergence(Tensor output)
    {
        if (kind == AnswerKind.Numbers)
        {
            return OwnLoss(output);
        }

        var (target, logits) = (Values.to(output.dtype), output.div(temperature));
        var cost =
            kind == AnswerKind.Classes
                ? Relative(target, logits.log_softmax(1))
                : Relative(target, functional.logsigmoid(logits))
                    .add(Relative(1 - target, functional.logsigmoid(logits.neg())));
        return cost.mul(temperature * temperature / Answers(output));
    }

    /// <summary>The student's cross-entropy against this, the mean over rows (and pixels); for numbers the task's own loss.</summary>
    public Tensor CrossEntropy(Tensor output) =>
        kind switch
        {
            AnswerKind.Classes => Values.to(output.dtype).mul(output.log_softmax(1)).sum().div(-Answers(output)),
            AnswerKind.YesOrNo => functional.binary_cross_entropy_with_logits(output, Values.to(output.dtype)),
            _ => OwnLoss(output),
        };

    private Tensor OwnLoss(Tensor output) => task.Loss.Compute(output, TaskTarget.Of(Values));

    /// <summary>Σ p (log p - log q), where 0 log 0 is 0.</summary>
    private static Tensor Relative(Tensor target, Tensor logarithms) =>
        torch.xlogy(target, target).sum().sub(target.mul(logarithms).sum());

    private double Answers(Tensor output) =>
        kind == AnswerKind.Classes ? output.numel() / output.size(1) : output.numel();
}
