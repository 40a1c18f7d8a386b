using Plait.Networks;
using Plait.Optimization;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Training;

/// <summary>Descends an objective by one step: forward, losses, weights, task gradients, one update.</summary>
/// <remarks>
/// It knows no data. Tensors die with the caller's dispose scope. Nothing that is not finite reaches the parameters.
/// </remarks>
internal sealed class Descent(MultiTaskNetwork network, Recipe recipe, RunOptimizer optimizer, FlatParameters storage)
{
    private readonly bool cuts =
        network.HasSharedRepresentation
        && (
            recipe.Aggregator.NeedsTaskGradients
            || recipe.Weighting.ObservedLocation is not null
            || recipe.Auxiliaries.Any(auxiliary => auxiliary.NeedsRepresentation)
        );

    /// <summary>Moves the parameters.</summary>
    /// <param name="objective">The losses of the step; some task has one.</param>
    /// <param name="context">Where the run stands.</param>
    /// <returns>The losses and weights of the step.</returns>
    /// <exception cref="NonFiniteException">A loss or a gradient is not finite; the parameters are as they were.</exception>
    public TaskGradients Descend(IObjective objective, StepContext context)
    {
        var gradients = TakeGradients(objective, context);
        optimizer.Step(context, () => Sum(TakeGradients(objective, context).Losses));
        recipe.Weighting.AfterStep(gradients.Losses, objective.Measure, context);
        return gradients;
    }

    private GraphGradients TakeGradients(IObjective objective, StepContext context)
    {
        optimizer.DetachLearned();
        var gradients = GradientsOf(objective);
        try
        {
            Weigh(gradients, context, areKnown: objective.Parts.Count == 1);
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
        RequireFinite(optimizer.ClipGradients(recipe.ClipNorm, context), gradients.Tasks);
        return gradients;
    }

    private void Weigh(GraphGradients gradients, StepContext context, bool areKnown)
    {
        if (recipe.Weighting.ObservedLocation is not null)
        {
            recipe.Weighting.Observe(gradients, context);
        }

        var losses =
            areKnown || recipe.Weighting.DependsOnLosses
                ? gradients.Losses
                : TaskLosses.OfNumbers(gradients.Tasks, Unknown(gradients.Count), storage.Values);
        gradients.Weigh(ObjectiveWeights.Of(losses, recipe.Weighting.Weigh(losses, context)));
    }

    private GraphGradients GradientsOf(IObjective objective)
    {
        var rowMemory = recipe.RowMemory ?? long.MaxValue;
        if (objective.Parts.Count > 1)
        {
            return TaskGradients.OfParts(objective.Parts, network, cuts, optimizer.Learned, rowMemory, Another);
        }

        var keepsGraph =
            recipe.Weighting.ObservedLocation == GradientLocation.Parameters && recipe.Aggregator.ReadsRepresentation;
        var (losses, cut) = objective.Parts[0].Forward(withGraph: true, cuts);
        NonFiniteException.ThrowIfAny(losses);
        return TaskGradients.OfGraph(losses, network, cut, optimizer.Learned, rowMemory, keepsGraph, Another);

        Tensor Another(int number) => RowsOf(objective.Independent(number), objective.Tasks);
    }

    /// <summary>The rows of other losses, one for each of some tasks: zeros for one without a loss there.</summary>
    private Tensor RowsOf(IObjective other, TaskSelection tasks)
    {
        using var scope = torch.NewDisposeScope();
        if (other.Tasks.Count == 0)
        {
            return torch.zeros_like(storage.SharedGradients).repeat(tasks.Count, 1).MoveToOuterDisposeScope();
        }

        using var gradients = GradientsOf(other);
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
