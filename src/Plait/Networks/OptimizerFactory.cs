using Plait.Catalogue;
using Plait.Torch;

namespace Plait.Networks;

/// <summary>Which optimizer trains: describes one, and makes a new one for every run.</summary>
[MethodKind(MethodKind.Optimizer)]
public abstract class OptimizerFactory
{
    /// <summary>Whether it divides each gradient by its size, so that the multiples of the learning rate are those for such optimizers.</summary>
    internal virtual bool IsAdaptive => false;

    /// <summary>The learning rate that it starts with; NaN where only the optimizer that it makes can tell.</summary>
    internal virtual double LearningRate => double.NaN;

    /// <summary>Makes the optimizer of a run.</summary>
    /// <param name="storage">The parameters, in flat storage, with their multiples of the learning rate.</param>
    /// <param name="places">
    /// The places in the storage of those that it is for. An optimizer over flat storage is told in each step which ones to move.
    /// </param>
    /// <param name="decays">False for parameters that no weight decay may touch.</param>
    internal abstract IGroupOptimizer Create(FlatParameters storage, IReadOnlyList<int> places, bool decays);
}
