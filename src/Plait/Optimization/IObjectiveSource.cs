using Plait.Data;
using Plait.Networks;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization;

/// <summary>Where the losses of a run's steps come from: a data set, an environment that is played, formulas.</summary>
/// <remarks>
/// Whatever it is that an objective is made of, a batch or a rollout, the source owns it: where it stands, how much of it makes one step,
/// the device that it is wanted on. What it remembers from step to step is its state, which checkpoints keep; a run that is resumed asks it
/// for the objectives that the unbroken one would have been given.
/// </remarks>
public interface IObjectiveSource : IStateful
{
    /// <summary>The tasks, and how much there is of each, which schedules go by.</summary>
    DataSizes Sizes { get; }

    /// <summary>Whether the losses of all tasks come from the same rows.</summary>
    bool SharesRows { get; }

    /// <summary>Refuses, before anything is trained, a network that does not read what the losses are made of; any will do unless the source says otherwise.</summary>
    /// <param name="network">The network.</param>
    /// <exception cref="ArgumentException">The network does not read the rows of some task.</exception>
    void Require(MultiTaskNetwork network) { }

    /// <summary>Starts a run: forgets the one before.</summary>
    /// <param name="request">What the run asks of the losses.</param>
    /// <returns>The steps of an epoch: fewer than draws where one step takes several. 1 or more.</returns>
    /// <exception cref="NotSupportedException">The source cannot do what is asked for.</exception>
    int Begin(ObjectiveRequest request);

    /// <summary>The losses of a step; they live until <see cref="EndStep"/>.</summary>
    /// <param name="tasks">The tasks of the step.</param>
    /// <param name="step">Where the run stands.</param>
    /// <returns>Those of the tasks that have one; null where none has.</returns>
    IObjective? Next(TaskSelection tasks, StepContext step);

    /// <summary>The step is over, taken or not: what its losses hold may go.</summary>
    void EndStep() { }
}

/// <summary>What a run asks of the losses of its steps.</summary>
/// <param name="Network">The network that they are of, on the device where they are wanted.</param>
/// <param name="Draws">How often an epoch draws from the source, as its schedule says by the source's sizes.</param>
/// <param name="AccumulatedBatches">How many draws make one step, as one draw of as much data would.</param>
/// <param name="Auxiliaries">Terms that the tasks' losses have beside, one after the other.</param>
public sealed record ObjectiveRequest(
    MultiTaskNetwork Network,
    int Draws,
    int AccumulatedBatches,
    IReadOnlyList<AuxiliaryLoss> Auxiliaries
);
