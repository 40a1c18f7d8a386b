using Plait.Catalogue;
using Plait.Torch;
using static TorchSharp.torch.optim;

namespace Plait.Training;

/// <summary>Which optimizer a recipe trains with. It describes one and makes a new one for every run.</summary>
[MethodKind(MethodKind.Optimizer)]
public abstract class OptimizerChoice
{
    /// <summary>Whether it divides each gradient by its size, so that the multiples of the learning rate are those for such optimizers.</summary>
    internal virtual bool IsAdaptive => false;

    /// <summary>Makes the optimizer of a run.</summary>
    /// <param name="storage">The parameters, in flat storage.</param>
    /// <param name="decays">False for parameters that no weight decay may touch.</param>
    internal abstract Optimizer Create(FlatParameters storage, bool decays);
}
