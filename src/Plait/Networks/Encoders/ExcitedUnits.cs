using static TorchSharp.torch.nn;

namespace Plait.Networks.Encoders;

/// <summary>Other units, with an excitation that closes each block they close with nothing: the blocks of SE-ResNets.</summary>
/// <remarks>Hu et al. 2018, <i>Squeeze-and-Excitation Networks</i>, figure 3: on the residual branch, before the shortcut is added.</remarks>
/// <param name="inner">The other units.</param>
/// <param name="reduction">How many times fewer hidden units an excitation has than channels.</param>
internal sealed class ExcitedUnits(ConvolutionUnits inner, int reduction) : ConvolutionUnits
{
    /// <inheritdoc/>
    public override Module<Tensor, Tensor> Unit(ConvolutionShape shape) => inner.Unit(shape);

    /// <inheritdoc/>
    public override Module<Tensor, Tensor> AfterBlock(long channels) =>
        inner.AfterBlock(channels) ?? new SqueezeExcitation(channels, reduction);

    /// <inheritdoc/>
    public override void TakeOver(Module<Tensor, Tensor> plain, Module<Tensor, Tensor> unit) =>
        inner.TakeOver(plain, unit);
}
