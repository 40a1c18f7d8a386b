using Plait.Catalogue;
using Plait.Data;
using Plait.Networks;
using Plait.Tasks;
using Plait.Torch;
using TorchSharp.Modules;

namespace Plait.Optimization;

/// <summary>One part of a recipe: it may learn parameters of its own, hears how epochs end, and keeps its state in checkpoints.</summary>
/// <remarks>State lives in the instance from its <c>Begin</c> on; one instance serves one run at a time.</remarks>
public abstract class TrainingComponent : IStateful
{
    /// <summary>Starts a run: forgets the one before.</summary>
    /// <param name="training">What the run is about.</param>
    /// <exception cref="NotSupportedException">The network lacks what the method is about.</exception>
    /// <exception cref="ArgumentException">The method means a task that is not there.</exception>
    public abstract void Begin(TrainingContext training);

    /// <summary>What is learned along with the network, without weight decay; whole from <c>Begin</c> on.</summary>
    public virtual IReadOnlyList<Parameter> Parameters => [];

    /// <summary>The groups that <see cref="Parameters"/> move in, each parameter in one, in their order; one of the method's name unless it says otherwise.</summary>
    public virtual IReadOnlyList<ParameterGroup> ParameterGroups =>
        Parameters.Count == 0 ? [] : [new ParameterGroup(MethodCatalog.NameOf(this), Parameters) { Decays = false }];

    /// <summary>Called when an epoch is over and validated.</summary>
    /// <param name="outcome">What the epoch brought.</param>
    public virtual void EndEpoch(EpochOutcome outcome) { }

    /// <inheritdoc/>
    /// <remarks>The values of <see cref="Parameters"/> are saved by whoever optimizes them.</remarks>
    public virtual void Save(StateDictionary state) { }

    /// <inheritdoc/>
    public virtual void Load(StateDictionary state) { }
}

/// <summary>What a run is about, for parts of its recipe that have to know it.</summary>
/// <param name="Network">The network, on the device where the losses will be.</param>
/// <param name="Sizes">How much training data there is of each task.</param>
public sealed record TrainingContext(MultiTaskNetwork Network, DataSizes Sizes);

/// <summary>What an epoch brought.</summary>
/// <param name="Epoch">Its number, from 0.</param>
/// <param name="TrainingLosses">For each task of the set, the mean of its losses over the steps that it took part in; NaN for none.</param>
/// <param name="Validation">Losses and metrics on the validation data; null without any.</param>
public sealed record EpochOutcome(int Epoch, IReadOnlyList<double> TrainingLosses, Evaluation? Validation);
