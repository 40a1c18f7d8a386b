using Plait.Networks.Encoders;
using static TorchSharp.torch.nn;

namespace Plait.Tests.Networks.Experts;

/// <summary>One convolution, from 2 channels to 3, on small maps.</summary>
internal sealed class MapEncoder() : Encoder(nameof(MapEncoder), [2, 5, 4], (Conv2d(2, 3, 3, padding: 1), [3, 5, 4]))
{
    protected override Encoder Another() => new MapEncoder();
}
