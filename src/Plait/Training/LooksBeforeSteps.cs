using Plait.Catalogue;
using Plait.Networks;
using Plait.Optimization;
using Plait.Optimization.Bilevel;
using Plait.Tasks;

namespace Plait.Training;

/// <summary>What happens with an objective before the step is taken: bilevel optimizers learn, callbacks look.</summary>
internal sealed class LooksBeforeSteps(MultiTaskNetwork network, Recipe recipe, RunOptimizer optimizer)
{
    private readonly IBilevelOptimizer[] upperLevels = BilevelOptimizers(network, recipe, optimizer);

    /// <summary>Lets every upper level learn.</summary>
    /// <param name="objective">The losses of the coming step.</param>
    /// <param name="context">Where the run stands.</param>
    public void Improve(IObjective objective, StepContext context)
    {
        if (upperLevels.Length == 0)
        {
            return;
        }

        using var scope = torch.NewDisposeScope();
        var lower = LookDown(objective.Joined);
        foreach (var upper in upperLevels)
        {
            upper.Improve(lower, context);
        }
    }

    /// <summary>Lets every callback look whose turn it is, at the first part that has a loss; see <see cref="LookingMode"/>.</summary>
    /// <param name="objective">The losses of the coming step.</param>
    /// <param name="context">Where the run stands.</param>
    public void Observe(IObjective objective, StepContext context)
    {
        var looking = recipe.Callbacks.Where(callback => context.Step % callback.Interval == 0).ToArray();
        if (looking.Length == 0)
        {
            return;
        }

        using var scope = torch.NewDisposeScope();
        using var mode = new LookingMode(network);
        var training = LookDown(FirstOf(objective), mode.BeginPass);
        foreach (var callback in looking)
        {
            callback.Observe(training, context);
        }
    }

    /// <summary>The first part of an objective that has a loss of its own.</summary>
    public static IObjective FirstOf(IObjective objective) =>
        objective.Parts.Count == 1
            ? objective
            : objective.Parts.Select(part => part.Alone).First(alone => alone.Tasks.Count > 0);

    private static IBilevelOptimizer[] BilevelOptimizers(
        MultiTaskNetwork network,
        Recipe recipe,
        RunOptimizer optimizer
    )
    {
        var found = recipe.BilevelOptimizers(network);
        return found.Length == 0 || optimizer.IsOne
            ? found
            : throw new NotSupportedException(
                $"{MethodCatalog.NameOf(found[0])} looks through the step of one optimizer: give no group of the network an optimizer or an interval of its own, or leave it out."
            );
    }

    private InnerProblem LookDown(IObjective objective, Action? beforePass = null) =>
        new(network, objective, optimizer.LearningRate, optimizer.Velocity, optimizer.WeightDecay, beforePass);
}
