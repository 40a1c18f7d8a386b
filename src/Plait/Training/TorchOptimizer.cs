using Plait.Networks;
using Plait.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch.optim;

namespace Plait.Training;

/// <summary>Any optimizer of TorchSharp.</summary>
/// <remarks>LBFGS looks at the loss several times a step, and TorchSharp cannot save its state: train with it without checkpoints.
/// Where parameters ask for a multiple of the learning rate (<see cref="Networks.ParameterGroup.LearningRateScale"/>), a training refuses to start.</remarks>
public sealed class TorchOptimizer : OptimizerFactory
{
    private readonly Func<IEnumerable<Parameter>, Optimizer> create;

    /// <summary>Says how to make it, for example <c>p => torch.optim.RMSProp(p, 1e-3)</c>.</summary>
    /// <param name="create">From the parameters to a new optimizer. It is called a second time for parameters that a loss
    /// weighting learns, where it has any, and once more for groups that move in another rhythm; set no weight decay in the first case.</param>
    public TorchOptimizer(Func<IEnumerable<Parameter>, Optimizer> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        this.create = create;
    }

    internal override IGroupOptimizer Create(FlatParameters storage, IReadOnlyList<int> places, bool decays) =>
        places.All(place => storage.ScaleAt(storage.RunOf(place, 1).Start) == 1)
            ? new TorchGroupOptimizer(create([.. places.Select(place => storage.Parameters[place])]))
            : throw new NotSupportedException(
                "Some of what is learned here takes a multiple of the learning rate, such as the mixtures of cross-stitch networks, and TorchSharp's optimizers do not know of it: use Adam, AdamW or Sgd, or set that rate to 1."
            );
}
