using Plait.Data;
using Plait.Networks;
using Plait.Optimization;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Training;

/// <summary>One step of a training: forward, losses, objective, task gradients, one update.</summary>
/// <remarks>Tensors die with the caller's dispose scope. Nothing that is not finite reaches the parameters.</remarks>
internal sealed class StepDescent(
    MultiTaskNetwork network,
    Recipe recipe,
    RunOptimizer optimizer,
    FlatParameters storage
)
{
    /// <summary>Moves the parameters.</summary>
    /// <returns>The losses and weights of the step.</returns>
    /// <exception cref="NonFiniteException">A loss or a gradient is not finite; the parameters are as they were.</exception>
    public TaskGradients Descend(MultiTaskBatch batch, TaskSelection tasks, StepContext context)
    {
        var gradients = TakeGradients(batch, tasks, context);
        optimizer.Step(() => TakeGradients(batch, tasks, context).Losses.Values.sum());
        recipe.Weighting.AfterStep(gradients.Losses, () => Recompute(batch, tasks), context);
        return gradients;
    }

    /// <summary>Looks at the cosines between the task gradients, on a pass of its own in eval mode, so that looking changes nothing.</summary>
    /// <exception cref="NonFiniteException">A loss or a gradient is not finite.</exception>
    public GradientRecord Look(MultiTaskBatch batch, TaskSelection tasks, long step)
    {
        using var scope = torch.NewDisposeScope();
        network.eval();
        network.CutsRepresentation = network.HasSharedRepresentation && batch.SharesInput;
        var outputs = network.Forward(batch, tasks);
        var losses = Losses(outputs, batch, tasks);
        RequireFinite(losses);
        var place = outputs.Representation is null ? GradientPlace.Parameters : GradientPlace.Representation;
        using var gradients = TaskGradients.Of(losses, network, outputs);
        var record = GradientRecords.From(step, network.Tasks.Count, gradients.Gramian(place));
        network.train();
        return record;
    }

    private TaskGradients TakeGradients(MultiTaskBatch batch, TaskSelection tasks, StepContext context)
    {
        network.CutsRepresentation = network.HasSharedRepresentation && recipe.Aggregator.NeedsTaskGradients;
        var outputs = network.Forward(batch, tasks);
        var losses = Losses(outputs, batch, tasks);
        RequireFinite(losses);
        optimizer.ZeroWeighting();
        var gradients = TaskGradients.Of(losses, network, outputs, recipe.Weighting.Weigh(losses, context));
        gradients.Apply(recipe.Aggregator, context);
        foreach (var regularizer in recipe.Regularizers)
        {
            regularizer.Penalty(network, context).backward();
        }

        RequireFinite(optimizer.ClipGradients(recipe.ClipNorm), tasks);
        return gradients;
    }

    private TaskLosses Recompute(MultiTaskBatch batch, TaskSelection tasks)
    {
        using var noGrad = torch.no_grad();
        return Losses(network.Forward(batch, tasks), batch, tasks);
    }

    private static TaskLosses Losses(TaskOutputs outputs, MultiTaskBatch batch, TaskSelection tasks)
    {
        var losses = new Tensor[tasks.Count];
        for (var i = 0; i < losses.Length; i++)
        {
            var task = tasks.Indices[i];
            losses[i] = tasks[i].Loss.Compute(outputs[task], batch.TargetOf(task));
        }

        return new TaskLosses(tasks, losses);
    }

    private static void RequireFinite(TaskLosses losses)
    {
        for (var i = 0; i < losses.Count; i++)
        {
            if (!double.IsFinite(losses.Numbers[i]))
            {
                throw new NonFiniteException(losses.Tasks[i].Name, "loss");
            }
        }
    }

    /// <summary>Finds the task to blame where the norm of the whole gradient is not finite.</summary>
    private void RequireFinite(double norm, TaskSelection tasks)
    {
        if (double.IsFinite(norm))
        {
            return;
        }

        foreach (var task in tasks.Indices)
        {
            var (start, length) = storage.RangeOf(task);
            if (length > 0 && !double.IsFinite(storage.Gradients.narrow(0, start, length).sum().item<float>()))
            {
                throw new NonFiniteException(network.Tasks[task].Name, "gradient");
            }
        }

        throw new NonFiniteException(null, "gradient");
    }
}
