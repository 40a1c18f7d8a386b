using Plait.Networks.Encoders;
using Plait.Networks.SingleTasking;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.TaskRouting;

/// <summary>Sets the channels to zero that a task does not use, and with them their gradients.</summary>
internal sealed class ChannelMasks : Module<Tensor, Tensor>, ITaskDependent
{
    private const string Buffer = "masks";

    private readonly ActiveTask turn;

    /// <summary>Draws the channels of each task by torch's generator.</summary>
    /// <param name="turn">Whose turn it is.</param>
    /// <param name="tasks">How many tasks there are.</param>
    /// <param name="channels">How many channels there are.</param>
    /// <param name="share">The share of them that each task uses; one at least.</param>
    public ChannelMasks(ActiveTask turn, int tasks, long channels, double share)
        : base(nameof(ChannelMasks))
    {
        this.turn = turn;
        using var scope = torch.NewDisposeScope();
        var used = Math.Max(1, (long)Math.Round(share * channels));
        var ranks = torch.rand(tasks, channels).argsort(1).argsort(1);
        register_buffer(Buffer, ranks.lt(used).to(ScalarType.Float32).DetachFromDisposeScope());
        RegisterComponents();
    }

    /// <summary>1 for each channel that a task uses and 0 for each other, [tasks, channels].</summary>
    public Tensor Masks => get_buffer(Buffer)!;

    /// <inheritdoc/>
    public IEnumerable<Parameter> ParametersOf(int task) => [];

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var mask = Masks.select(0, turn.Task);
        return input.mul(input.dim() == 2 ? mask : mask.view(-1, 1, 1));
    }
}
