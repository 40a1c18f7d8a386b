using Plait.Networks;
using Plait.Optimization;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Training;

/// <summary>The second descent of a step: groups of the network that learn from data apart (<see cref="LearningSplit.Search"/>) go down the losses there.</summary>
/// <remarks>
/// <para>Liu et al. 2019, <i>DARTS: Differentiable Architecture Search</i>, algorithm 1 to first order (ξ = 0): the gradient is that
/// of the search losses at the weights as they are, here as the first half of the step has left them. The weights stand still.</para>
/// <para>A task's loss is that of its answers with the network's own penalties, and counts as the weighting has just weighed it. Task gradients
/// are not told apart, so no aggregator is asked; auxiliary terms, regularizers and callbacks belong to the first half. Buffers, such as batch
/// statistics, are afterwards as before: they are of the rows that the weights learn from.</para>
/// </remarks>
internal sealed class SearchDescent : IStateful, IDisposable
{
    private readonly IObjectiveSource source;
    private readonly RunOptimizer optimizer;
    private readonly SeparateParameters searched;
    private readonly BufferGuard buffers;
    private readonly MultiTaskNetwork network;
    private readonly double? clipNorm;

    /// <param name="recipe">The recipe.</param>
    /// <param name="network">The network.</param>
    /// <param name="groups">Its groups that learn from search data, one or more; they take no gradient outside of here.</param>
    /// <param name="source">The losses on the search data.</param>
    /// <param name="optimizer">What moves the rest of the network.</param>
    /// <param name="buffers">Keeps the network's buffers.</param>
    /// <exception cref="NotSupportedException">An optimizer cannot move the groups.</exception>
    public SearchDescent(
        Recipe recipe,
        MultiTaskNetwork network,
        IReadOnlyList<ParameterGroup> groups,
        IObjectiveSource source,
        RunOptimizer optimizer,
        BufferGuard buffers
    )
    {
        this.source = source;
        this.optimizer = optimizer;
        this.buffers = buffers;
        this.network = network;
        clipNorm = recipe.ClipNorm;
        searched = new SeparateParameters(RunGroups.OfSearch(recipe, groups), recipe.Optimizer, decays: true);
        source.Begin(new ObjectiveRequest(network, int.MaxValue, recipe.AccumulatedBatches, []));
    }

    /// <summary>Moves the groups, where their turn has come.</summary>
    /// <param name="trained">What the first half of the step has seen: the tasks, and the weights of their losses.</param>
    /// <param name="step">Where the run stands.</param>
    /// <exception cref="NonFiniteException">A loss or a gradient is not finite and the groups are as they were; or they have become so.</exception>
    public void Descend(TaskGradients trained, StepContext step)
    {
        if (!searched.MoveIn(step))
        {
            return;
        }

        buffers.Keep();
        try
        {
            if (source.Next(trained.Tasks, step) is { } objective)
            {
                TakeGradients(objective, trained);
                Move(step);
            }
        }
        catch (NonFiniteException failure) when (failure.What != NonFiniteException.Parameters)
        {
            throw new NonFiniteException(
                failure.Task,
                failure.What,
                $"{failure.Message} It is one on the search data: what learns from them stood still, the rest has taken its step."
            );
        }
        finally
        {
            source.EndStep();
            buffers.Restore();
        }
    }

    public void Save(StateDictionary state)
    {
        searched.Save(state, "groups");
        source.Save(state.Part("data"));
    }

    public void Load(StateDictionary state)
    {
        searched.Load(state, "groups");
        source.Load(state.Part("data"));
    }

    public void Dispose() => searched.Dispose();

    private void TakeGradients(IObjective objective, TaskGradients trained)
    {
        searched.DetachGradients();
        Learn(true);
        try
        {
            foreach (var part in objective.Parts)
            {
                using var scope = torch.NewDisposeScope();
                var losses = part.Forward(withGraph: true, cut: false).Losses;
                NonFiniteException.ThrowIfAny(losses);
                var sum = Weighed(losses, trained);
                if (sum.requires_grad) // else nothing that is searched for had a part in it, and it stands still
                {
                    torch.autograd.backward([sum], [torch.ones_like(sum)], inputs: [.. searched.Parameters]);
                }
            }
        }
        finally
        {
            Learn(false);
        }

        searched.TakeInGradients();
    }

    private void Move(StepContext step)
    {
        if (!double.IsFinite(searched.ClipGradients(clipNorm, step)))
        {
            throw new NonFiniteException(null, "gradient");
        }

        if (searched.Step(step, optimizer.LearningRate, optimizer.Pace) is not null)
        {
            throw FiniteParameters.Lost(
                null,
                $"what {network.GetName()} learns from search data",
                optimizer.LearningRate
            );
        }
    }

    private static Tensor Weighed(TaskLosses losses, TaskGradients trained)
    {
        var sum = torch.zeros([], losses.Scalars[0].dtype, losses.Scalars[0].device);
        for (var i = 0; i < losses.Count; i++)
        {
            var weight = trained.Weights[trained.Tasks.Indices.IndexOf(losses.Tasks.Indices[i])];
            sum = sum.add(losses.Scalars[i].reshape(), weight);
        }

        return sum;
    }

    private void Learn(bool learns)
    {
        foreach (var parameter in searched.Parameters)
        {
            parameter.requires_grad = learns;
        }
    }
}
