using Plait.Networks;

namespace Plait.Optimization;

/// <summary>Lets the same forward passes be gone through several times: each time with the same chance, and as if it had been once.</summary>
/// <remarks>Chance is that of torch's generator on the CPU (dropout masks). What passes move beside are buffers (batch statistics).</remarks>
internal sealed class RepeatedPasses(MultiTaskNetwork network) : IDisposable
{
    private readonly List<Tensor> chance = []; // the generator's state before each pass

    /// <summary>Begins to go through the passes: the first time as they are, later times so that nothing is left of it when the result is disposed.</summary>
    public IDisposable? Begin() => chance.Count == 0 ? null : new Restoration(network);

    /// <summary>Sets the chance of a pass. They come in one order.</summary>
    public void Before(int pass)
    {
        if (pass == chance.Count)
        {
            chance.Add(torch.get_rng_state().DetachFromDisposeScope());
        }
        else
        {
            torch.set_rng_state(chance[pass]);
        }
    }

    public void Dispose()
    {
        chance.ForEach(state => state.Dispose());
        chance.Clear();
    }

    private sealed class Restoration : IDisposable
    {
        private readonly Tensor[] buffers;
        private readonly Tensor[] kept;
        private readonly Tensor state;

        public Restoration(MultiTaskNetwork network)
        {
            buffers = [.. network.buffers()];
            kept = [.. buffers.Select(buffer => buffer.clone().DetachFromDisposeScope())];
            state = torch.get_rng_state().DetachFromDisposeScope();
        }

        public void Dispose()
        {
            using var noGrad = torch.no_grad();
            for (var i = 0; i < kept.Length; i++)
            {
                buffers[i].copy_(kept[i]);
                kept[i].Dispose();
            }

            torch.set_rng_state(state);
            state.Dispose();
        }
    }
}
