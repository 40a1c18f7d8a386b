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
    /// <param name="batches">The batches of the step, whose gradients are averaged; each has a target for some task.</param>
    /// <param name="another">Reads an independent batch of the same tasks, by a number from 0.</param>
    /// <param name="context">Where the run stands.</param>
    /// <returns>The losses and weights of the step.</returns>
    /// <exception cref="NonFiniteException">A loss or a gradient is not finite; the parameters are as they were.</exception>
    public TaskGradients Descend(
        IReadOnlyList<MultiTaskBatch> batches,
        Func<int, MultiTaskBatch> another,
        StepContext context
    )
    {
        network.BeginStep(context);
        Improve(batches[0], another, context);
        Observe(batches[0], another, context);
        var gradients = TakeGradients(batches, another, context);
        optimizer.Step(() => TakeGradients(batches, another, context).Losses.Values.sum());
        recipe.Weighting.AfterStep(gradients.Losses, () => Recompute(batches[^1], context), context);
        return gradients;
    }

    /// <summary>Looks at the cosines between the task gradients, on a pass of its own in eval mode, so that looking changes nothing.</summary>
    /// <exception cref="NonFiniteException">A loss or a gradient is not finite.</exception>
    public GradientRecord Look(MultiTaskBatch batch, StepContext context)
    {
        var tasks = batch.LabelledTasks;
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
        var lower = LookDown(batch, another, context);
        foreach (var upper in upperLevels)
        {
            upper.Improve(lower, context);
        }
    }

    /// <summary>Lets every observer look whose turn it is, in eval mode, so that looking changes nothing.</summary>
    private void Observe(MultiTaskBatch batch, Func<int, MultiTaskBatch> another, StepContext context)
    {
        var looking = recipe.Observers.Where(observer => context.Step % observer.Interval == 0).ToArray();
        if (looking.Length == 0)
        {
            return;
        }

        using var scope = torch.NewDisposeScope();
        network.eval();
        var training = LookDown(batch, another, context);
        foreach (var observer in looking)
        {
            observer.Observe(training, context);
        }

        network.train();
    }

    private LowerLevel LookDown(MultiTaskBatch batch, Func<int, MultiTaskBatch> another, StepContext context)
    {
        network.CutsRepresentation = false;
        return new LowerLevel(
            network,
            batch,
            other => Losses(network.Forward(other, other.LabelledTasks), other, other.LabelledTasks, context),
            another,
            optimizer.LearningRate,
            optimizer.Velocity,
            optimizer.WeightDecay
        );
    }

    private TaskGradients TakeGradients(
        IReadOnlyList<MultiTaskBatch> batches,
        Func<int, MultiTaskBatch> another,
        StepContext context
    )
    {
        optimizer.ZeroParts();
        var gradients =
            batches.Count == 1
                ? Weighed(batches[0], context)
                : GradientAccumulation.Of(
                    network,
                    batches,
                    recipe.Aggregator.NeedsTaskGradients,
                    batch => Weighed(batch, context)
                );
        gradients.Sampler = number => SampleRows(another(number), gradients.Tasks, context);
        gradients.Apply(recipe.Aggregator, context);
        optimizer.Leave(gradients.Tasks);
        foreach (var regularizer in recipe.Regularizers)
        {
            regularizer.Penalty(network, context).backward();
        }

        RequireFinite(optimizer.ClipGradients(recipe.ClipNorm), gradients.Tasks);
        return gradients;
    }

    private TaskGradients Weighed(MultiTaskBatch batch, StepContext context)
    {
        var gradients = GradientsOf(batch, context);
        if (recipe.Weighting.ObservesGradients)
        {
            recipe.Weighting.Observe(gradients, context);
        }

        gradients.Weigh(recipe.Weighting.Weigh(gradients.Losses, context));
        return gradients;
    }

    private TaskGradients GradientsOf(MultiTaskBatch batch, StepContext context)
    {
        var tasks = batch.LabelledTasks;
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

    /// <summary>The rows of another batch, one for each of some tasks: zeros for one without a target there.</summary>
    private Tensor SampleRows(MultiTaskBatch batch, TaskSelection tasks, StepContext context)
    {
        using var scope = torch.NewDisposeScope();
        using var gradients = GradientsOf(batch, context);
        var found = gradients.HandOverRows();
        if (gradients.Tasks.Indices.SequenceEqual(tasks.Indices))
        {
            return found.MoveToOuterDisposeScope();
        }

        var rows = torch.zeros([tasks.Count, found.size(1)], found.dtype, found.device);
        for (var i = 0; i < tasks.Count; i++)
        {
            if (gradients.Tasks.Indices.IndexOf(tasks.Indices[i]) is >= 0 and var place)
            {
                rows.select(0, i).copy_(found.select(0, place));
            }
        }

        return rows.MoveToOuterDisposeScope();
    }

    private TaskLosses Recompute(MultiTaskBatch batch, StepContext context)
    {
        using var noGrad = torch.no_grad();
        return Losses(network.Forward(batch, batch.LabelledTasks), batch, batch.LabelledTasks, context);
    }

    private TaskLosses Losses(TaskOutputs outputs, MultiTaskBatch batch, TaskSelection tasks, StepContext context)
    {
        var losses = new Tensor[tasks.Count];
        var pass = new ForwardPass(network, batch, outputs, context);
        for (var i = 0; i < losses.Length; i++)
        {
            var task = tasks.Indices[i];
            losses[i] = tasks[i].Loss.Compute(outputs[task], batch.TargetOf(task));
            foreach (var answer in outputs.FurtherOf(task))
            {
                losses[i] = losses[i].add(tasks[i].Loss.Compute(answer, batch.TargetOf(task)));
            }

            losses[i] = outputs.PenaltyOf(task) is { } penalty ? losses[i].add(penalty) : losses[i];
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
