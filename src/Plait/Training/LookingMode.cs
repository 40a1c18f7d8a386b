using Plait.Networks;
using TorchSharp.Modules;

namespace Plait.Training;

/// <summary>The mode in which a training is looked at, until it is disposed of: as in its steps but for dropout, and nothing is left of it.</summary>
/// <remarks>
/// Batch normalisation reads the batch, as it does in the steps: the running statistics of a young network describe nothing, and losses by
/// them may be of any size. Dropout is off. What else is drawn by chance is the same in all passes of a look, so that they compare. The
/// buffers, torch's random numbers and train mode are afterwards as before.
/// </remarks>
internal sealed class LookingMode : IDisposable
{
    private readonly MultiTaskNetwork network;
    private readonly BufferGuard buffers;
    private readonly Tensor chance;

    /// <param name="network">The network, in train mode.</param>
    public LookingMode(MultiTaskNetwork network)
    {
        this.network = network;
        buffers = new BufferGuard(network);
        chance = torch.get_rng_state().DetachFromDisposeScope();
        foreach (var module in network.modules().Where(IsDropout))
        {
            module.eval();
        }
    }

    /// <summary>Begins a forward pass.</summary>
    public void BeginPass() => torch.set_rng_state(chance);

    public void Dispose()
    {
        BeginPass();
        chance.Dispose();
        buffers.Restore();
        buffers.Dispose();
        network.train();
    }

    private static bool IsDropout(torch.nn.Module module) =>
        module is Dropout or Dropout1d or Dropout2d or Dropout3d or AlphaDropout or FeatureAlphaDropout;
}
