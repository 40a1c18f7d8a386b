using Plait.Networks.Encoders;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.SingleTasking;

/// <summary>Builds an encoder anew with layers that differ from task to task, around the filters that it has.</summary>
internal abstract class ConditionalUnits(ActiveTask turn, int tasks) : ConvolutionUnits
{
    /// <summary>Whose turn it is.</summary>
    protected ActiveTask Turn => turn;

    /// <summary>How many tasks there are.</summary>
    protected int Tasks => tasks;

    /// <summary>Whether excitations of each task's own stand where an SE-ResNet has those of all, and start from them.</summary>
    protected virtual bool TakesExcitations => false;

    /// <summary>An encoder like another, of these units, which start from what the other has learned.</summary>
    /// <param name="plain">The other encoder; it stays as it is.</param>
    /// <exception cref="NotSupportedException">It is no residual encoder.</exception>
    /// <exception cref="ArgumentException">It is not made of plain convolutions.</exception>
    public Encoder Rebuild(Encoder plain)
    {
        ArgumentNullException.ThrowIfNull(plain);
        var encoder = plain.WithUnits(this);
        var (units, convolutions) = (Count<AdoptingUnit>(encoder), Count<Conv2d>(plain));
        if (convolutions != units || Count<BatchNorm2d>(plain) != units)
        {
            throw new ArgumentException(
                $"{plain.GetName()} has {convolutions} convolutions and {Count<BatchNorm2d>(plain)} normalisations where {units} of each were expected; give an encoder of plain convolutions, as the catalogue makes it.",
                nameof(plain)
            );
        }

        if (!TakesExcitations && Count<SqueezeExcitation>(plain) > 0)
        {
            throw new NotSupportedException(
                $"{plain.GetName()} has excitations that all tasks would share, and this network has no place for them; give an encoder without (excitation=0), or take astmt."
            );
        }

        EncoderWeights.Carry(plain, encoder, this);
        return encoder;
    }

    /// <inheritdoc/>
    public override void TakeOver(Module<Tensor, Tensor> plain, Module<Tensor, Tensor> unit)
    {
        ArgumentNullException.ThrowIfNull(plain);
        var parts = plain.children().ToArray();
        ((AdoptingUnit)unit).Adopt((Conv2d)parts[0], (BatchNorm2d)parts[1]);
    }

    /// <summary>What to say of filters that stay as they are and come from no file; null where they come from one.</summary>
    public static string? NoticeOfFrozen(Encoder plain) =>
        plain.WeightsFile is null
            ? "its frozen filters are random and stay so, since nothing was loaded into the encoder; give it what it has learned elsewhere with --encoder-weights."
            : null;

    /// <summary>One layer a task.</summary>
    protected PerTask ForEach(Func<Module<Tensor, Tensor>> make) =>
        new(turn, Enumerable.Range(0, tasks).Select(_ => make()));

    /// <summary>A 1 x 1 convolution without bias that gives nothing as yet, so that what it is added to starts as it was.</summary>
    protected static Module<Tensor, Tensor> SilentConvolution(long inputs, long outputs, int stride = 1)
    {
        var convolution = Conv2d(inputs, outputs, 1, stride, bias: false);
        init.zeros_(convolution.weight!);
        return convolution;
    }

    private static int Count<T>(Encoder encoder) => encoder.modules().OfType<T>().Count();
}
