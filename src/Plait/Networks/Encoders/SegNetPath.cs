using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Encoders;

/// <summary>All blocks of a SegNet, with pooling between those of its encoder and unpooling before those of its decoder.</summary>
internal sealed class SegNetPath : Module<Tensor, Tensor>
{
    private const int Doublings = 3; // channels double three times and then stay

    private readonly ModuleList<SegNetBlock> encoder;
    private readonly ModuleList<SegNetBlock> decoder;

    public SegNetPath(long inputs, int width, int blocks)
        : base(nameof(SegNetPath))
    {
        encoder = new ModuleList<SegNetBlock>([
            .. Enumerable
                .Range(0, blocks)
                .Select(i => new SegNetBlock(i == 0 ? inputs : Channels(i - 1), Channels(i), Convolutions(i))),
        ]);
        decoder = new ModuleList<SegNetBlock>([
            .. Enumerable
                .Range(0, blocks)
                .Reverse()
                .Select(i => new SegNetBlock(Channels(i), Channels(Math.Max(i - 1, 0)), Convolutions(i))),
        ]);
        RegisterComponents();

        long Channels(int block) => (long)width << Math.Min(block, Doublings);
        static int Convolutions(int block) => block < 2 ? 2 : 3;
    }

    public IReadOnlyList<SegNetBlock> EncoderBlocks => [.. encoder];

    public IReadOnlyList<SegNetBlock> DecoderBlocks => [.. decoder];

    /// <summary>The shapes of the decoder's results, from the image's size down; pooling leaves an odd last row or column out.</summary>
    public IEnumerable<long[]> ScaleShapes(long height, long width)
    {
        foreach (var block in decoder.Reverse())
        {
            yield return [block.Channels, height, width];
            (height, width) = (height / 2, width / 2);
        }
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => Trace(input)[^1].Last;

    /// <summary>The features of all blocks, the encoder's and then the decoder's.</summary>
    public SegNetFeatures[] Trace(Tensor input)
    {
        var features = new List<SegNetFeatures>();
        var places = new Stack<(Tensor Maxima, long[] Size)>();
        foreach (var block in encoder)
        {
            features.Add(block.Trace(input));
            var map = features[^1].Last;
            (input, var maxima) = functional.max_pool2d_with_indices(map, [2, 2], [2, 2]);
            places.Push((maxima, map.shape));
        }

        foreach (var block in decoder)
        {
            var (maxima, size) = places.Pop();
            features.Add(block.Trace(Unpool(input, maxima, size)));
            input = features[^1].Last;
        }

        return [.. features];
    }

    /// <summary>A map of a size, zero but for the pooled values at the places of their maxima, which count along each channel.</summary>
    /// <remarks>TorchSharp's max_unpool2d does not hand on the size, and without it the pooling of odd sizes has no inverse.</remarks>
    private static Tensor Unpool(Tensor pooled, Tensor maxima, long[] size)
    {
        var (rows, channels) = (pooled.size(0), pooled.size(1));
        return torch
            .zeros([rows, channels, size[2] * size[3]], pooled.dtype, pooled.device)
            .scatter(2, maxima.flatten(2), pooled.flatten(2))
            .view(rows, channels, size[2], size[3]);
    }
}
