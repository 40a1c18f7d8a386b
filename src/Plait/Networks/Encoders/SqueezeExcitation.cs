using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Encoders;

/// <summary>Scales each channel of a map by a number from 0 to 1 that two linear layers make of the channels' means.</summary>
/// <remarks>Hu et al. 2018, <i>Squeeze-and-Excitation Networks</i>, equations 2 to 4.</remarks>
internal sealed class SqueezeExcitation : Module<Tensor, Tensor>
{
    private readonly Linear squeeze;
    private readonly Linear excite;

    /// <summary>Builds the layers.</summary>
    /// <param name="channels">Channels of the map.</param>
    /// <param name="reduction">How many times fewer the hidden units are; there is one at least.</param>
    public SqueezeExcitation(long channels, int reduction)
        : base(nameof(SqueezeExcitation))
    {
        var hidden = Math.Max(1, channels / reduction);
        squeeze = Start(Linear(channels, hidden));
        excite = Start(Linear(hidden, channels));
        RegisterComponents();
    }

    /// <summary>Starts from what another one has learned.</summary>
    /// <exception cref="NotSupportedException">It has another number of hidden units.</exception>
    public void TakeOver(SqueezeExcitation trained)
    {
        if (trained.squeeze.out_features != squeeze.out_features)
        {
            throw new NotSupportedException(
                $"The encoder's excitations have {trained.squeeze.out_features} hidden units for {squeeze.in_features} channels, and those that start from them {squeeze.out_features}: give both the same reduction (excitation of the encoder, reduction of the network)."
            );
        }

        ModuleState.Copy(trained, this, "an excitation");
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var means = input.mean([2, 3]); // [rows, channels]
        return input.mul(excite.call(squeeze.call(means).relu_()).sigmoid_().unsqueeze(2).unsqueeze(3));
    }

    private static Linear Start(Linear layer)
    {
        init.kaiming_normal_(layer.weight!, nonlinearity: init.NonlinearityType.ReLU);
        init.zeros_(layer.bias!);
        return layer;
    }
}
