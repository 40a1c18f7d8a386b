using Plait.Networks;
using Plait.Tasks;

namespace Plait.Optimization;

/// <summary>The losses of one step as a function of the parameters: asked twice, it gives the losses of the same data.</summary>
/// <remarks>
/// Whoever descends knows nothing of where losses come from. Those of a data set own its batches; those of an environment would own its
/// rollouts; those of a test are formulas.
/// </remarks>
public interface IObjective
{
    /// <summary>The tasks that have a loss.</summary>
    TaskSelection Tasks { get; }

    /// <summary>What the losses are the sums of, one or more: an accumulated step has one for each of its batches.</summary>
    IReadOnlyList<IObjectivePart> Parts { get; }

    /// <summary>The same losses in one part, for those who go through all of them at once; needs the memory of all.</summary>
    IObjective Joined { get; }

    /// <summary>The losses as they are now, tied to nothing.</summary>
    TaskLosses Measure();

    /// <summary>The same tasks' losses on other data, drawn by chance; they live as long as the step.</summary>
    /// <param name="number">Tells several draws of one step apart, from 0.</param>
    /// <returns>Losses of as much data; some of the tasks may have none there.</returns>
    IObjective Independent(int number);

    /// <summary>The same losses on a share of the data, for looks that need not see all of it.</summary>
    /// <param name="share">Above 0 to 1.</param>
    IObjective Share(double share);
}

/// <summary>A part of a step's losses, as a function of the parameters as they are.</summary>
public interface IObjectivePart
{
    /// <summary>The tasks of the step.</summary>
    TaskSelection Tasks { get; }

    /// <summary>The losses of this part by itself, as a step of it alone would have them.</summary>
    IObjective Alone { get; }

    /// <summary>Goes forward.</summary>
    /// <param name="withGraph">Whether gradients are to be taken.</param>
    /// <param name="cut">Whether the graph is to be cut at the network's shared representation, where there is one.</param>
    /// <returns>The part's share of the losses, one for each of the tasks, and where the graph was cut.</returns>
    (TaskLosses Losses, SharedRepresentation? Cut) Forward(bool withGraph, bool cut);
}
