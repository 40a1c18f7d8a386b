using Plait.Networks;
using Plait.Optimization;
using Plait.Tasks;

namespace Plait.Training;

/// <summary>Takes the steps of a run: which tasks, which losses, what looks at them before, the descents, and what is skipped.</summary>
internal sealed class RunSteps : IDisposable
{
    private readonly Recipe recipe;
    private readonly MultiTaskNetwork network;
    private readonly IObjectiveSource source;
    private readonly GradientLooks gradientLooks;
    private readonly LooksBeforeSteps looks;
    private readonly Descent descent;
    private readonly BufferGuard buffers;

    /// <param name="recipe">The recipe, whose parts have begun.</param>
    /// <param name="network">The network.</param>
    /// <param name="sources">Where the losses come from.</param>
    /// <param name="optimizer">What moves the parameters.</param>
    /// <exception cref="NotSupportedException">A part of the recipe looks at steps that it cannot look at.</exception>
    public RunSteps(Recipe recipe, MultiTaskNetwork network, RunSources sources, RunOptimizer optimizer)
    {
        this.recipe = recipe;
        this.network = network;
        source = sources.Training;
        var storage = network.Storage;
        var draws = recipe.Schedule.StepsPerEpoch(source.Sizes);
        PerEpoch = source.Begin(new ObjectiveRequest(network, draws, recipe.AccumulatedBatches, recipe.Auxiliaries));
        gradientLooks = new GradientLooks(
            network,
            recipe.GradientRecordInterval ?? PerEpoch,
            recipe.RowMemory ?? long.MaxValue
        );
        looks = new LooksBeforeSteps(network, recipe, optimizer);
        descent = new Descent(network, recipe, optimizer, storage);
        buffers = new BufferGuard(network);
        Search = sources.Search is { } search
            ? new SearchDescent(recipe, network, sources.Searched, search, optimizer, buffers)
            : null;
    }

    /// <summary>The steps of an epoch.</summary>
    public int PerEpoch { get; }

    /// <summary>The descent on search data; null without any.</summary>
    public SearchDescent? Search { get; }

    /// <summary>Takes a step, or skips it, and counts it in the state.</summary>
    /// <param name="state">Where the run stands.</param>
    /// <returns>What was seen of the gradients, and why the step was skipped; null for nothing.</returns>
    /// <exception cref="NonFiniteException">Too many steps in a row were skipped, or parameters are not finite any more.</exception>
    public (GradientRecord? Seen, string? Skipped) Take(RunState state)
    {
        using var scope = torch.NewDisposeScope();
        var context = At(state);
        var chosen = recipe.Schedule.Next(context);
        buffers.Keep();
        try
        {
            return (source.Next(chosen, context) is { } objective ? Take(state, objective, context) : null, null);
        }
        catch (NonFiniteException failure) when (failure.What != NonFiniteException.Parameters)
        {
            return (null, Skip(state, failure));
        }
        finally
        {
            source.EndStep();
        }
    }

    public void Dispose()
    {
        buffers.Dispose();
        Search?.Dispose();
    }

    private GradientRecord? Take(RunState state, IObjective objective, StepContext context)
    {
        var record = gradientLooks.Look(objective, context);
        network.BeginStep(context);
        looks.Improve(objective, context);
        looks.Observe(objective, context);
        var gradients = descent.Descend(objective, context);
        state.Count(gradients);
        record = record?.With(gradients);
        if (record is not null)
        {
            state.Gradients.Add(record);
        }

        Search?.Descend(gradients, context);
        state.SkippedInARow = 0;
        return record;
    }

    private string Skip(RunState state, NonFiniteException failure)
    {
        network.train();
        buffers.Restore();
        state.Skipped++;
        state.SkippedInARow++;
        state.SkippedInEpoch++;
        state.LastSkipped = new(failure.Task, failure.What, failure.Message);
        return state.SkippedInARow < recipe.MaxConsecutiveSkips
            ? $"Step {state.Step} was skipped: {failure.Message}"
            : throw state.LastSkipped.Failure($"{state.SkippedInARow} steps in a row could not be taken.");
    }

    private StepContext At(RunState state) =>
        new()
        {
            Tasks = network.Tasks,
            Step = state.Step,
            Epoch = state.Epoch,
            StepInEpoch = state.StepInEpoch,
            StepsPerEpoch = PerEpoch,
            Epochs = recipe.Epochs,
            Seed = recipe.Seed,
        };
}
