using Plait.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch.optim;

namespace Plait.Training;

/// <summary>Any optimizer of TorchSharp.</summary>
/// <remarks>LBFGS looks at the loss several times a step, and TorchSharp cannot save its state: train with it without checkpoints.
/// Where parameters ask for a multiple of the learning rate (<see cref="Networks.MultiTaskNetwork.LearningRateScaleOf"/>), a training refuses to start.</remarks>
public sealed class TorchOptimizer : OptimizerChoice
{
    private readonly Func<IEnumerable<Parameter>, Optimizer> create;

    /// <summary>Says how to make it, for example <c>p => torch.optim.RMSProp(p, 1e-3)</c>.</summary>
    /// <param name="create">From the parameters to a new optimizer. It is called a second time for parameters that a loss
    /// weighting learns, where it has any; set no weight decay in that case.</param>
    public TorchOptimizer(Func<IEnumerable<Parameter>, Optimizer> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        this.create = create;
    }

    internal override Optimizer Create(FlatParameters storage, bool decays) =>
        storage.Segments.All(segment => segment.LearningRateScale == 1)
            ? create(storage.Parameters)
            : throw new NotSupportedException(
                "Some of what is learned here takes a multiple of the learning rate, such as the mixtures of cross-stitch networks, and TorchSharp's optimizers do not know of it: use Adam, AdamW or Sgd, or set that rate to 1."
            );
}
