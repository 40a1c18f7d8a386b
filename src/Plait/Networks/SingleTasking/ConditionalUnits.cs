using Plait.Networks.Encoders;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.SingleTasking;

/// <summary>Builds an encoder anew with layers that differ from task to task, around the filters that it has.</summary>
internal abstract class ConditionalUnits(TaskSwitch turn, int tasks) : ConvolutionUnits
{
    /// <summary>Whose turn it is.</summary>
    protected TaskSwitch Turn => turn;

    /// <summary>How many tasks there are.</summary>
    protected int Tasks => tasks;

    /// <summary>An encoder like another, of these units, which start from what the other has learned.</summary>
    /// <param name="plain">The other encoder; it stays as it is.</param>
    /// <exception cref="NotSupportedException">It is no residual encoder.</exception>
    /// <exception cref="ArgumentException">It is not made of plain convolutions.</exception>
    public Encoder Rebuild(Encoder plain)
    {
        ArgumentNullException.ThrowIfNull(plain);
        var encoder = plain.WithUnits(this);
        var units = Depth(encoder).OfType<AdoptingUnit>().ToArray();
        var convolutions = Depth(plain).OfType<Conv2d>().ToArray();
        var normalisations = Depth(plain).OfType<BatchNorm2d>().ToArray();
        if (convolutions.Length != units.Length || normalisations.Length != units.Length)
        {
            throw new ArgumentException(
                $"{plain.GetName()} has {convolutions.Length} convolutions and {normalisations.Length} normalisations where {units.Length} of each were expected; give an encoder of plain convolutions, as the catalogue makes it.",
                nameof(plain)
            );
        }

        for (var i = 0; i < units.Length; i++)
        {
            units[i].Adopt(convolutions[i], normalisations[i]);
        }

        return encoder;
    }

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

    /// <summary>All modules, each followed by what is in it: a unit then stands in one encoder where its parts stand in the other.</summary>
    private static IEnumerable<torch.nn.Module> Depth(torch.nn.Module module) =>
        module.children().SelectMany(child => Depth(child).Prepend(child));
}
