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
    private readonly IUpperLevel[] upperLevels = recipe.UpperLevels(network);

    /// <summary>Moves the parameters.</summary>
    /// <param name="batches">The batches of the step, as if they were one; some task has a target there.</param>
    /// <param name="others">Reads as many independent batches of the same tasks, by a number from 0.</param>
    /// <param name="context">Where the run stands.</param>
    /// <returns>The losses and weights of the step.</returns>
    /// <exception cref="NonFiniteException">A loss or a gradient is not finite; the parameters are as they were.</exception>
    public TaskGradients Descend(
        IReadOnlyList<MultiTaskBatch> batches,
        Func<int, IReadOnlyList<MultiTaskBatch>> others,
        StepContext context
    )
    {
        network.BeginStep(context);
        Improve(batches, others, context);
        Observe(batches.First(batch => batch.LabelledTasks.Count > 0), others, context);
        var objective = new StepObjective(network, recipe, batches, context, cut: LooksInside);
        var gradients = TakeGradients(objective, others, context);
        optimizer.Step(() => Sum(TakeGradients(objective, others, context).Losses));
        recipe.Weighting.AfterStep(gradients.Losses, objective.Measure, context);
        return gradients;
    }

    /// <summary>Looks at the cosines between the task gradients, on a pass of its own; see <see cref="LookingMode"/>.</summary>
    /// <exception cref="NonFiniteException">A loss or a gradient is not finite.</exception>
    public GradientRecord Look(MultiTaskBatch batch, StepContext context)
    {
        using var scope = torch.NewDisposeScope();
        using var mode = new LookingMode(network);
        var objective = new StepObjective(network, recipe, [batch], context, cut: true);
        var (losses, cut) = objective.Parts[0].Forward(withGraph: true);
        NonFiniteException.ThrowIfAny(losses);
        var place = cut is null ? GradientPlace.Parameters : GradientPlace.Representation;
        using var gradients = TaskGradients.OfGraph(losses, network, cut, [], RowMemory);
        var gramian = gradients.Gramian(place);
        return GradientRecords.From(context.Step, network.Tasks.Count, gramian) with
        {
            Compliance = gramian.Count < 2 ? double.NaN : UpdateCompliance.Of(gradients, place),
        };
    }

    /// <summary>Lets every upper level learn before the step is taken.</summary>
    private void Improve(
        IReadOnlyList<MultiTaskBatch> batches,
        Func<int, IReadOnlyList<MultiTaskBatch>> others,
        StepContext context
    )
    {
        if (upperLevels.Length == 0)
        {
            return;
        }

        using var scope = torch.NewDisposeScope();
        var lower = LookDown(MultiTaskBatch.Join(batches), others, context);
        foreach (var upper in upperLevels)
        {
            upper.Improve(lower, context);
        }
    }

    /// <summary>Lets every observer look whose turn it is; see <see cref="LookingMode"/>.</summary>
    private void Observe(MultiTaskBatch batch, Func<int, IReadOnlyList<MultiTaskBatch>> others, StepContext context)
    {
        var looking = recipe.Observers.Where(observer => context.Step % observer.Interval == 0).ToArray();
        if (looking.Length == 0)
        {
            return;
        }

        using var scope = torch.NewDisposeScope();
        using var mode = new LookingMode(network);
        var training = LookDown(batch, others, context, mode.BeginPass);
        foreach (var observer in looking)
        {
            observer.Observe(training, context);
        }
    }

    private LowerLevel LookDown(
        MultiTaskBatch batch,
        Func<int, IReadOnlyList<MultiTaskBatch>> others,
        StepContext context,
        Action? beginPass = null
    )
    {
        return new LowerLevel(
            network,
            batch,
            read =>
            {
                beginPass?.Invoke();
                return new StepObjective(network, recipe, [read], context).Parts[0].Forward(withGraph: true).Losses;
            },
            number => MultiTaskBatch.Join(others(number)),
            optimizer.LearningRate,
            optimizer.Velocity,
            optimizer.WeightDecay
        );
    }

    private GraphGradients TakeGradients(
        StepObjective objective,
        Func<int, IReadOnlyList<MultiTaskBatch>> others,
        StepContext context
    )
    {
        optimizer.DetachLearned();
        var gradients = GradientsOf(objective);
        try
        {
            Weigh(gradients, context, areKnown: objective.Parts.Count == 1);
            gradients.Sampler = number => SampleRows(others(number), gradients.Tasks, context);
            gradients.Apply(recipe.Aggregator, context);
        }
        catch
        {
            gradients.Dispose();
            throw;
        }

        optimizer.DetachAbsent(gradients.Tasks);
        foreach (var regularizer in recipe.Regularizers)
        {
            regularizer.Penalty(network, context).backward();
        }

        optimizer.TakeInPenalties();
        RequireFinite(optimizer.ClipGradients(recipe.ClipNorm), gradients.Tasks);
        return gradients;
    }

    private void Weigh(GraphGradients gradients, StepContext context, bool areKnown)
    {
        if (recipe.Weighting.ObservedPlace is not null)
        {
            recipe.Weighting.Observe(gradients, context);
        }

        var losses =
            areKnown || recipe.Weighting.DependsOnLosses
                ? gradients.Losses
                : TaskLosses.OfNumbers(gradients.Tasks, Unknown(gradients.Count), storage.Values);
        gradients.Weigh(ObjectiveWeights.Of(losses, recipe.Weighting.Weigh(losses, context)));
    }

    private GraphGradients GradientsOf(StepObjective objective)
    {
        var keepsGraph =
            recipe.Weighting.ObservedPlace == GradientPlace.Parameters && recipe.Aggregator.ReadsRepresentation;
        if (objective.Parts.Count > 1)
        {
            return TaskGradients.OfParts(objective.Parts, network, optimizer.Learned, RowMemory);
        }

        var (losses, cut) = objective.Parts[0].Forward(withGraph: true);
        NonFiniteException.ThrowIfAny(losses);
        return TaskGradients.OfGraph(losses, network, cut, optimizer.Learned, RowMemory, keepsGraph);
    }

    private long RowMemory => recipe.RowMemory ?? long.MaxValue;

    private bool LooksInside =>
        recipe.Aggregator.NeedsTaskGradients
        || recipe.Weighting.ObservedPlace is not null
        || recipe.Auxiliaries.Any(auxiliary => auxiliary.NeedsRepresentation);

    /// <summary>The rows of other batches, one for each of some tasks: zeros for one without a target there.</summary>
    private Tensor SampleRows(IReadOnlyList<MultiTaskBatch> batches, TaskSelection tasks, StepContext context)
    {
        using var scope = torch.NewDisposeScope();
        var objective = new StepObjective(network, recipe, batches, context, cut: LooksInside);
        if (objective.Tasks.Count == 0)
        {
            return torch.zeros_like(storage.SharedGradients).repeat(tasks.Count, 1).MoveToOuterDisposeScope();
        }

        using var gradients = GradientsOf(objective);
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

    private static Tensor Sum(TaskLosses losses) => torch.tensor((float)losses.Numbers.ToArray().Sum());

    private static double[] Unknown(int count) => [.. Enumerable.Repeat(double.NaN, count)];

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
            if (!double.IsFinite(storage.Gradients.narrow(0, start, length).sum().item<float>()))
            {
                throw new NonFiniteException(network.Tasks[task].Name, "gradient");
            }
        }

        throw new NonFiniteException(null, "gradient");
    }
}
