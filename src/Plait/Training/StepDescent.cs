using Plait.Data;
using Plait.Networks;
using Plait.Optimization;
using Plait.Optimization.Bilevel;
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
    private readonly IUpperLevel[] upperLevels =
    [
        .. recipe.Parts.Select(part => part.Part).Concat<object>([network]).OfType<IUpperLevel>(),
    ];

    /// <summary>Moves the parameters.</summary>
    /// <param name="batch">The batch of the step.</param>
    /// <param name="tasks">The tasks that have a target in it.</param>
    /// <param name="another">Reads an independent batch of the same tasks, by a number from 0.</param>
    /// <param name="context">Where the run stands.</param>
    /// <returns>The losses and weights of the step.</returns>
    /// <exception cref="NonFiniteException">A loss or a gradient is not finite; the parameters are as they were.</exception>
    public TaskGradients Descend(
        MultiTaskBatch batch,
        TaskSelection tasks,
        Func<int, MultiTaskBatch> another,
        StepContext context
    )
    {
        network.BeginStep(context);
        Improve(batch, another, context);
        var gradients = TakeGradients(batch, tasks, another, context);
        optimizer.Step(() => TakeGradients(batch, tasks, another, context).Losses.Values.sum());
        recipe.Weighting.AfterStep(gradients.Losses, () => Recompute(batch, tasks, context), context);
        return gradients;
    }

    /// <summary>Looks at the cosines between the task gradients, on a pass of its own in eval mode, so that looking changes nothing.</summary>
    /// <exception cref="NonFiniteException">A loss or a gradient is not finite.</exception>
    public GradientRecord Look(MultiTaskBatch batch, TaskSelection tasks, StepContext context)
    {
        using var scope = torch.NewDisposeScope();
        network.eval();
        network.CutsRepresentation = network.HasSharedRepresentation && batch.SharesInput;
        var outputs = network.Forward(batch, tasks);
        var losses = Losses(outputs, batch, tasks, context);
        RequireFinite(losses);
        var place = outputs.Representation is null ? GradientPlace.Parameters : GradientPlace.Representation;
        using var gradients = TaskGradients.Of(losses, network, outputs);
        var record = GradientRecords.From(context.Step, network.Tasks.Count, gradients.Gramian(place));
        network.train();
        return record;
    }

    /// <summary>Lets every upper level learn before the step is taken.</summary>
    private void Improve(MultiTaskBatch batch, Func<int, MultiTaskBatch> another, StepContext context)
    {
        if (upperLevels.Length == 0)
        {
            return;
        }

        using var scope = torch.NewDisposeScope();
        network.CutsRepresentation = false;
        var lower = new LowerLevel(
            network,
            batch,
            other => Losses(network.Forward(other, Labelled(other)), other, Labelled(other), context),
            another,
            optimizer.LearningRate,
            optimizer.Velocity,
            optimizer.WeightDecay
        );
        foreach (var upper in upperLevels)
        {
            upper.Improve(lower, context);
        }
    }

    private TaskGradients TakeGradients(
        MultiTaskBatch batch,
        TaskSelection tasks,
        Func<int, MultiTaskBatch> another,
        StepContext context
    )
    {
        optimizer.ZeroParts();
        var gradients = GradientsOf(batch, tasks, context);
        gradients.Sampler = number => SampleRows(another(number), context);
        if (recipe.Weighting.ObservesGradients)
        {
            recipe.Weighting.Observe(gradients, context);
        }

        gradients.Weigh(recipe.Weighting.Weigh(gradients.Losses, context));
        gradients.Apply(recipe.Aggregator, context);
        foreach (var regularizer in recipe.Regularizers)
        {
            regularizer.Penalty(network, context).backward();
        }

        RequireFinite(optimizer.ClipGradients(recipe.ClipNorm), tasks);
        return gradients;
    }

    private TaskGradients GradientsOf(MultiTaskBatch batch, TaskSelection tasks, StepContext context)
    {
        network.CutsRepresentation = network.HasSharedRepresentation && LooksInside;
        var outputs = network.Forward(batch, tasks);
        var losses = Losses(outputs, batch, tasks, context);
        RequireFinite(losses);
        return TaskGradients.Of(
            losses,
            network,
            outputs,
            rowMemory: recipe.RowMemory ?? long.MaxValue,
            alsoLearned: optimizer.Learned
        );
    }

    private bool LooksInside =>
        recipe.Aggregator.NeedsTaskGradients
        || recipe.Weighting.ObservesGradients
        || recipe.Auxiliaries.Any(auxiliary => auxiliary.NeedsRepresentation);

    private Tensor SampleRows(MultiTaskBatch read, StepContext context)
    {
        using var batch = read;
        using var scope = torch.NewDisposeScope();
        using var gradients = GradientsOf(batch, Labelled(batch), context);
        return gradients.Rows.clone().MoveToOuterDisposeScope();
    }

    private static TaskSelection Labelled(MultiTaskBatch batch) =>
        batch.Tasks.Where(task => batch.TargetOf(task).PresentCount > 0);

    private TaskLosses Recompute(MultiTaskBatch batch, TaskSelection tasks, StepContext context)
    {
        using var noGrad = torch.no_grad();
        return Losses(network.Forward(batch, tasks), batch, tasks, context);
    }

    private TaskLosses Losses(TaskOutputs outputs, MultiTaskBatch batch, TaskSelection tasks, StepContext context)
    {
        var losses = new Tensor[tasks.Count];
        var pass = new ForwardPass(network, batch, outputs, context);
        for (var i = 0; i < losses.Length; i++)
        {
            var task = tasks.Indices[i];
            losses[i] = tasks[i].Loss.Compute(outputs[task], batch.TargetOf(task));
            foreach (var auxiliary in recipe.Auxiliaries)
            {
                losses[i] = auxiliary.Add(losses[i], task, pass);
            }
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
