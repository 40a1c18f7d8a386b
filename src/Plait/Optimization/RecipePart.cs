using Plait.Tasks;
using Plait.Torch;
using TorchSharp.Modules;

namespace Plait.Optimization;

/// <summary>One part of a recipe: it may learn parameters of its own, hears how epochs end, and keeps its state in checkpoints.</summary>
/// <remarks>State lives in the instance from its <c>Begin</c> on; one instance serves one run at a time.</remarks>
public abstract class RecipePart : IStateful
{
    /// <summary>What the recipe's optimizer learns along with the network, without weight decay; whole from <c>Begin</c> on.</summary>
    public virtual IReadOnlyList<Parameter> Parameters => [];

    /// <summary>How many times the recipe's learning rate one of <see cref="Parameters"/> takes; 1 unless the method's paper says otherwise.</summary>
    public virtual double LearningRateScaleOf(Parameter parameter) => 1;

    /// <summary>Called when an epoch is over and validated.</summary>
    /// <param name="outcome">What the epoch brought.</param>
    public virtual void EndEpoch(EpochOutcome outcome) { }

    /// <inheritdoc/>
    /// <remarks>The values of <see cref="Parameters"/> are saved by whoever optimizes them.</remarks>
    public virtual void Save(StateDictionary state) { }

    /// <inheritdoc/>
    public virtual void Load(StateDictionary state) { }
}

/// <summary>What an epoch brought.</summary>
/// <param name="Epoch">Its number, from 0.</param>
/// <param name="TrainingLosses">For each task of the set, the mean of its losses over the steps that it took part in; NaN for none.</param>
/// <param name="Validation">Losses and metrics on the validation data; null without any.</param>
public sealed record EpochOutcome(int Epoch, IReadOnlyList<double> TrainingLosses, Evaluation? Validation);
