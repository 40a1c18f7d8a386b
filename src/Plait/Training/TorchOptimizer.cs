using Plait.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch.optim;

namespace Plait.Training;

/// <summary>Any optimizer of TorchSharp.</summary>
/// <remarks>LBFGS looks at the loss several times a step, and TorchSharp cannot save its state: train with it without checkpoints.</remarks>
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

    internal override Optimizer Create(FlatParameters storage, bool decays) => create(storage.Parameters);
}
