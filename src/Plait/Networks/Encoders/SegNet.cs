using Plait.Catalogue;
using Plait.Data;
using Plait.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Encoders;

/// <summary>An encoder and its mirror: blocks of convolutions with 2 x 2 max-pooling, and blocks that put each value back where its maximum stood.</summary>
/// <remarks>
/// Badrinarayanan et al. 2017, sections 3 and 4, in the form of Liu et al. 2019, <i>End-to-End Multi-Task Learning with Attention</i>: five
/// blocks each way of 64, 128, 256, 512 and 512 channels, with two convolutions in the two finest and three in the others. It ends in a map of
/// the image's full size. Decoder blocks read the places of the maxima, so the whole is one stage.
/// </remarks>
[Method(
    "segnet",
    Survey = "2.1",
    Paper = "Badrinarayanan et al. 2017, SegNet: A Deep Convolutional Encoder-Decoder Architecture for Image Segmentation",
    Arxiv = "1511.00561",
    Summary = "Convolutional encoder and decoder with unpooling, which end in a map of the image's size."
)]
[Reads(typeof(ImageInput))]
public sealed class SegNet : Encoder
{
    private readonly int width;
    private readonly int blocks;

    /// <summary>Builds the layers.</summary>
    /// <param name="inputShape">The shape of one image, [channels, height, width], of 2^<paramref name="blocks"/> pixels a side or more.</param>
    /// <param name="width">Channels of the finest block, doubled by each of the next three.</param>
    /// <param name="blocks">Blocks each way.</param>
    /// <exception cref="ArgumentException">The shape is not that of such an image, or a number is not positive.</exception>
    public SegNet(IReadOnlyList<long> inputShape, int width = 64, int blocks = 5)
        : base(nameof(SegNet), inputShape, Layers(inputShape, width, blocks))
    {
        (this.width, this.blocks) = (width, blocks);
        ScaleShapes = [.. Path.ScaleShapes(inputShape[1], inputShape[2])];
    }

    /// <summary>The blocks before a pooling, from the finest to the coarsest, which is the order in which an image meets them.</summary>
    public IReadOnlyList<SegNetBlock> EncoderBlocks => Path.EncoderBlocks;

    /// <summary>The blocks after an unpooling, from the coarsest to the finest, which is the order in which an image meets them.</summary>
    public IReadOnlyList<SegNetBlock> DecoderBlocks => Path.DecoderBlocks;

    /// <summary>The results of the decoder's blocks: here every one is a scale, from the image's size down.</summary>
    public override IReadOnlyList<IReadOnlyList<long>> ScaleShapes { get; }

    internal override bool CallsFirstStage => false;

    private SegNetPath Path => (SegNetPath)Stages[0];

    /// <summary>One pass, of which all blocks' features are kept: those of <see cref="EncoderBlocks"/>, then of <see cref="DecoderBlocks"/>.</summary>
    /// <param name="input">[rows, channels, height, width].</param>
    public IReadOnlyList<SegNetFeatures> Trace(Tensor input) => Path.Trace(input);

    /// <inheritdoc/>
    public override Tensor[] Scales(Tensor input) =>
        [.. Trace(input).Skip(blocks).Select(block => block.Last).Reverse()];

    /// <summary>One for each block: on the way down a task looks at what the first convolution gives, on the way up at what was put back.</summary>
    internal override IReadOnlyList<AttentionSite> Sites =>
        [
            .. EncoderBlocks.Select(
                (block, place) => new AttentionSite(block.Channels, block.Channels, OnMaps: true, place == blocks - 1)
            ),
            .. DecoderBlocks.Select(block => new AttentionSite(block.Inputs, block.Channels, OnMaps: true)),
        ];

    internal override (Tensor Early, Tensor Late)[] Look(Tensor input) =>
        [.. Trace(input).Select((block, place) => (place < blocks ? block.First : block.Input, block.Last))];

    /// <inheritdoc/>
    protected override Encoder Another() => AnotherFor(InputShape);

    /// <inheritdoc/>
    protected override Encoder AnotherFor(IReadOnlyList<long> inputShape) => new SegNet(inputShape, width, blocks);

    private static IEnumerable<(Module<Tensor, Tensor>, long[])> Layers(
        IReadOnlyList<long> inputShape,
        int width,
        int blocks
    )
    {
        const int Deepest = 20; // images of a million pixels a side
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(blocks);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blocks, Deepest);
        var shape = ImageShape.Of(inputShape, nameof(SegNet), 1L << blocks);
        yield return (new SegNetPath(shape.Channels, width, blocks), (shape with { Channels = width }).ToArray());
    }
}

/// <summary>What a block of a SegNet saw and made of it.</summary>
/// <param name="Input">What it read: the image or a pooled map in the encoder, an unpooled map in the decoder.</param>
/// <param name="First">After its first convolution, with normalisation and ReLU.</param>
/// <param name="Last">After its last convolution.</param>
public readonly record struct SegNetFeatures(Tensor Input, Tensor First, Tensor Last);

/// <summary>Two or three 3 x 3 convolutions of one size, each with batch normalisation and ReLU.</summary>
public sealed class SegNetBlock : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> first;
    private readonly Module<Tensor, Tensor> rest;

    internal SegNetBlock(long inputs, long channels, int convolutions)
        : base(nameof(SegNetBlock))
    {
        (Inputs, Channels) = (inputs, channels);
        first = Layer(inputs, channels);
        rest = Sequential(Enumerable.Range(1, convolutions - 1).Select(_ => Layer(channels, channels)));
        RegisterComponents();
    }

    /// <summary>Channels that it reads.</summary>
    public long Inputs { get; }

    /// <summary>Channels that it gives.</summary>
    public long Channels { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => Trace(input).Last;

    /// <summary>The block's features on the way.</summary>
    /// <param name="input">[rows, <see cref="Inputs"/>, height, width].</param>
    public SegNetFeatures Trace(Tensor input)
    {
        var start = first.call(input);
        return new(input, start, rest.call(start));
    }

    private static Sequential Layer(long inputs, long outputs)
    {
        MemoryRoom.Require(9.0 * inputs * outputs, $"Convolutions from {inputs} to {outputs} channels");
        var convolution = Conv2d(inputs, outputs, 3, padding: 1);
        init.xavier_normal_(convolution.weight!);
        init.zeros_(convolution.bias!);
        return Sequential(convolution, BatchNorm2d(outputs), ReLU());
    }
}
