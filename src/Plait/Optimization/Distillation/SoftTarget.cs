using Plait.Networks.Encoders;
using Plait.Tasks;

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
    private readonly Tensor? mask; // of the steps that count

    private SoftTarget(LearningTask task, Tensor values, double temperature, Tensor? mask)
    {
        this.task = task;
        this.mask = mask;
        this.temperature = temperature;
        Values = values;
    }

    /// <summary>Probabilities or numbers.</summary>
    public Tensor Values { get; }

    /// <summary>Gathers the teachers' outputs to the rows of a pass.</summary>
    /// <param name="task">The place of the student's task.</param>
    /// <param name="pass">The student's pass, whose rows the teachers saw; answers of steps count where its input has some.</param>
    /// <param name="outputs">One a teacher, each of the shape of the student's output.</param>
    /// <param name="temperature">Divides logits; above 0.</param>
    public static SoftTarget Of(int task, ForwardResult pass, IReadOnlyList<Tensor> outputs, double temperature = 1)
    {
        var learned = pass.Network.Tasks[task];
        var mask = learned.Answer.Layout == Layout.Step ? pass.Batch.BatchInputOf(task).Sequence.Mask : null;
        return Of(learned, outputs, temperature, mask);
    }

    /// <summary>Gathers the teachers' outputs.</summary>
    /// <param name="task">The student's task.</param>
    /// <param name="outputs">One a teacher, each of the shape of the student's output.</param>
    /// <param name="temperature">Divides logits; above 0.</param>
    /// <param name="mask">Of answers of steps, which count, bool [rows, steps]; null for all.</param>
    public static SoftTarget Of(
        LearningTask task,
        IReadOnlyList<Tensor> outputs,
        double temperature = 1,
        Tensor? mask = null
    )
    {
        using var noGrad = torch.no_grad();
        var each = outputs.Select(output => task.Answer.Soften(output, temperature));
        var mean = outputs.Count == 1 ? each.Single() : torch.stack(each).mean([0L]);
        return new(task, mean, temperature, mask);
    }

    /// <summary>
    /// How far the student is from this: τ² times the divergence KL(this ‖ student at temperature τ), the mean over rows (and pixels or steps);
    /// for numbers the task's own loss.
    /// </summary>
    public Tensor Divergence(Tensor output) =>
        task.Answer.Divergence(Counted(Values), Counted(output), temperature) ?? OwnLoss(output);

    /// <summary>The student's cross-entropy against this, the mean over rows (and pixels or steps); for numbers the task's own loss.</summary>
    public Tensor CrossEntropy(Tensor output) =>
        task.Answer.CrossEntropy(Counted(Values), Counted(output)) ?? OwnLoss(output);

    private Tensor OwnLoss(Tensor output) => task.Loss.Compute(Counted(output), TaskTarget.Of(Counted(Values)));

    /// <summary>Without the steps that do not count.</summary>
    private Tensor Counted(Tensor tensor) => mask is null ? tensor : Steps.Counted(tensor, mask);
}
