using Plait.Catalogue;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Heads;

/// <summary>Makes the private part of a network for tasks that want one output a pixel.</summary>
[MethodKind(MethodKind.Head)]
public abstract class DenseHead
{
    /// <summary>From a map of features to an output of the image's size.</summary>
    /// <param name="outputs">Values a pixel.</param>
    /// <param name="features">The shape of one row of the map: [channels, height, width].</param>
    /// <param name="height">Rows of pixels of the output.</param>
    /// <param name="width">Pixels in a row of the output.</param>
    /// <returns>[rows, channels, h, w] to [rows, outputs, height, width].</returns>
    public abstract Module<Tensor, Tensor> Build(int outputs, IReadOnlyList<long> features, long height, long width);
}
