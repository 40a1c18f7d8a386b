using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.TaskRouting;

/// <summary>Multiplies each channel by a number that is learned, 1 at first.</summary>
internal sealed class ChannelScale : Module<Tensor, Tensor>
{
    private readonly Parameter scale;

    /// <summary>A scale that changes nothing.</summary>
    /// <param name="shape">The shape of one row: [width], or [channels, height, width].</param>
    public ChannelScale(IReadOnlyList<long> shape)
        : base(nameof(ChannelScale))
    {
        scale = Parameter(torch.ones([shape[0], .. shape.Skip(1).Select(_ => 1L)])); // [width] or [channels, 1, 1]
        RegisterComponents();
    }

    /// <summary>One number a channel.</summary>
    public Parameter Scale => scale;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.mul(scale);
}
