using Plait.Networks.Encoders;
using static TorchSharp.torch.nn;

namespace Plait.Networks.PredictionDistillation;

/// <summary>One task's state at one scale: what it makes of the encoder's map there and of the latest states of all tasks.</summary>
internal sealed class RecursiveState : Module
{
    private readonly TaskAttention? attention;
    private readonly Module<Tensor, Tensor> block;

    /// <summary>Builds the layers.</summary>
    /// <param name="inputs">Channels of the encoder's map.</param>
    /// <param name="channels">Channels of a state.</param>
    /// <param name="earlier">States that there are before this one.</param>
    public RecursiveState(long inputs, long channels, int earlier)
        : base(nameof(RecursiveState))
    {
        attention = earlier == 0 ? null : new TaskAttention(earlier, channels);
        block = new BasicBlock(earlier == 0 ? inputs : inputs + channels, channels);
        RegisterComponents();
    }

    /// <summary>The state, [rows, channels, height, width].</summary>
    /// <param name="map">The encoder's map.</param>
    /// <param name="latest">The latest states, at this map's size and with this state's channels.</param>
    public Tensor Next(Tensor map, IReadOnlyList<Tensor> latest)
    {
        if (attention is null)
        {
            return block.call(map);
        }

        using var attended = attention.Attend(latest);
        using var both = torch.cat([map, attended], 1);
        return block.call(both);
    }
}
