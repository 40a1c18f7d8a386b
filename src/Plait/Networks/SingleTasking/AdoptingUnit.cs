using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.SingleTasking;

/// <summary>A convolution with its normalisation that can start from what a plain one has learned.</summary>
internal abstract class AdoptingUnit(string name) : Module<Tensor, Tensor>(name)
{
    /// <summary>Takes over filters and normalisation, for all tasks.</summary>
    public abstract void Adopt(Conv2d convolution, BatchNorm2d normalisation);

    /// <summary>Copies parameters and buffers from a module of the same make.</summary>
    internal static void Copy(torch.nn.Module from, torch.nn.Module to)
    {
        using var noGrad = torch.no_grad();
        foreach (var (source, target) in from.parameters().Zip(to.parameters()))
        {
            target.copy_(source);
        }

        foreach (var (source, target) in from.buffers().Zip(to.buffers()))
        {
            target.copy_(source);
        }
    }
}
