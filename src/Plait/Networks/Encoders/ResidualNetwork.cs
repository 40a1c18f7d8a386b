using Plait.Data;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Encoders;

/// <summary>A residual network without its classifier: a stem, and stages of blocks.</summary>
/// <remarks>
/// <para>He et al. 2016, table 1, in torchvision's layout. For dense prediction a stage whose stride would pass
/// <see cref="ResidualDesign.OutputStride"/> dilates its convolutions instead (Yu et al. 2017, <i>Dilated Residual Networks</i>, section 2):
/// what a convolution of stride 2 becomes keeps the dilation of the stage before, all after it have twice as much.</para>
/// <para>Where global average pooling closes the last stage, networks joined after it exchange features and not maps: pooling and a
/// channel-wise mixture commute.</para>
/// </remarks>
[Reads(typeof(ImageInput))]
public abstract class ResidualNetwork : Encoder
{
    private readonly ResidualDesign design;

    /// <summary>Builds the layers.</summary>
    /// <param name="name">The module's name.</param>
    /// <param name="inputShape">The shape of one image, [channels, height, width].</param>
    /// <param name="design">What it is made of.</param>
    /// <exception cref="ArgumentException">The shape is not that of an image, or the design is impossible.</exception>
    protected ResidualNetwork(string name, IReadOnlyList<long> inputShape, ResidualDesign design)
        : base(name, inputShape, Layers(ImageShape.Of(inputShape, name, 1), design)) => this.design = design;

    /// <inheritdoc/>
    protected sealed override Encoder Another() => Make(InputShape, design);

    /// <inheritdoc/>
    protected sealed override Encoder AnotherFor(IReadOnlyList<long> inputShape) => Make(inputShape, design);

    /// <inheritdoc/>
    public sealed override bool TakesUnits => true;

    /// <inheritdoc/>
    protected sealed override Encoder AnotherOf(ConvolutionUnits units) =>
        Make(InputShape, design with { Units = units });

    /// <inheritdoc/>
    protected internal sealed override string PublicName(string name) => PublicNames.OfResidualNetwork(name);

    /// <inheritdoc/>
    protected internal sealed override bool IsLeftOut(string name) => name.StartsWith("fc.", StringComparison.Ordinal);

    internal sealed override int EntranceStages => 1;

    internal sealed override int Expansion => design.Expansion;

    internal sealed override Tensor[] ScalesFromEntrance(Tensor input)
    {
        if (design.Stem != ResNetStem.ImageNet)
        {
            return Scales(input);
        }

        Module<Tensor, Tensor>[] stem = [.. Stages[0].children().Cast<Module<Tensor, Tensor>>()];
        var half = stem.SkipLast(1).Aggregate(Normalise(input), (read, part) => part.call(read));
        return [half, .. ScalesAfter(1, stem[^1].call(half))];
    }

    internal sealed override IReadOnlyList<IReadOnlyList<long>> ShapesFromEntrance =>
        design.Stem == ResNetStem.ImageNet
            ? [Halved(ImageShape.Of(InputShape, GetName(), 1), design.Width).ToArray(), .. ScaleShapes]
            : ScaleShapes;

    internal sealed override IReadOnlyList<AttentionSite> Sites =>
        [.. StageShapes.Skip(EntranceStages).Select(shape => new AttentionSite(shape[0], shape[0], OnMaps: true))];

    /// <summary>What the last block of each stage reads and gives; twice what it gives where a stage has no other block.</summary>
    internal sealed override (Tensor Early, Tensor Late)[] Look(Tensor input)
    {
        var seen = new (Tensor Early, Tensor Late)[design.Blocks.Count];
        input = Stages[0].call(input);
        for (var stage = 0; stage < seen.Length; stage++)
        {
            var blocks = PartsOf(stage).Take(design.Blocks[stage]).ToArray();
            var before = blocks.SkipLast(1).Aggregate(input, (read, block) => block.call(read));
            input = blocks[^1].call(before);
            seen[stage] = (blocks.Length == 1 ? input : before, input);
        }

        return seen;
    }

    internal sealed override Tensor Close(Tensor late)
    {
        var last = design.Blocks.Count - 1;
        return PartsOf(last).Skip(design.Blocks[last]).Aggregate(late, (read, part) => part.call(read));
    }

    /// <summary>The blocks of a stage after the stem, and what closes it.</summary>
    private IEnumerable<Module<Tensor, Tensor>> PartsOf(int stage) =>
        Stages[stage + EntranceStages].children().Cast<Module<Tensor, Tensor>>();

    /// <summary>Another encoder of this class.</summary>
    protected abstract Encoder Make(IReadOnlyList<long> inputShape, ResidualDesign like);

    private static IEnumerable<(Module<Tensor, Tensor>, long[])> Layers(ImageShape shape, ResidualDesign design)
    {
        design.Check();
        var (entrance, entered) = Enter(shape, design);
        yield return (entrance, entered.ToArray());
        var (reached, dilation) = (ResidualDesign.StrideOf(design.Stem), 1);
        for (var stage = 0; stage < design.Blocks.Count; stage++)
        {
            var before = dilation;
            var stride = stage == 0 ? 1 : 2;
            if (stride == 2 && reached * 2 > design.OutputStride)
            {
                (stride, dilation) = (1, dilation * 2);
            }

            reached *= stride;
            var channels = ((long)design.Width << stage) * design.Expansion;
            var next = entered.After(channels, 3, stride, padding: 1);
            Module<Tensor, Tensor>[] blocks =
            [
                .. Enumerable
                    .Range(0, design.Blocks[stage])
                    .Select(i =>
                        i == 0
                            ? design.Block(entered.Channels, channels, stride, before, dilation)
                            : design.Block(channels, channels, 1, dilation, dilation)
                    ),
            ];
            yield return stage == design.Blocks.Count - 1 && design.Pool
                ? (Sequential([.. blocks, AdaptiveAvgPool2d(1), Flatten()]), [channels])
                : (Sequential(blocks), next.ToArray());
            entered = next;
        }
    }

    /// <summary>The shape before the max-pooling of the stem for large images.</summary>
    private static ImageShape Halved(ImageShape shape, int width) => shape.After(width, 7, 2, padding: 3);

    private static (Module<Tensor, Tensor>, ImageShape) Enter(ImageShape shape, ResidualDesign design)
    {
        var width = design.Width;
        return design.Stem switch
        {
            ResNetStem.Cifar => (Sequential(Unit(3, 1), ReLU()), shape with { Channels = width }),
            ResNetStem.Halving => (Sequential(Unit(3, 2), ReLU()), shape.After(width, 3, 2, padding: 1)),
            _ => (
                Sequential(Unit(7, 2), ReLU(), MaxPool2d(3, stride: 2, padding: 1)),
                Halved(shape, width).After(width, 3, 2, padding: 1)
            ),
        };

        Module<Tensor, Tensor> Unit(int window, int stride) =>
            design.Units.Unit(new(shape.Channels, width, window, stride, Role: ConvolutionRole.Stem));
    }
}

/// <summary>What a residual network is made of.</summary>
public sealed record ResidualDesign
{
    /// <summary>Blocks of each stage.</summary>
    public required IReadOnlyList<int> Blocks { get; init; }

    /// <summary>Channels inside the blocks of the first stage, doubled by each stage after it.</summary>
    public required int Width { get; init; }

    /// <summary>How an image enters.</summary>
    public ResNetStem Stem { get; init; } = ResNetStem.ImageNet;

    /// <summary>Pixels of the image for one of the last map, along each side, at most: a power of 2, not below the stem's.</summary>
    public int OutputStride { get; init; } = 32;

    /// <summary>Whether global average pooling closes the last stage, which then gives [channels] and no map.</summary>
    public bool Pool { get; init; } = true;

    /// <summary>Channels that a block gives over those inside it: 1 makes basic blocks, 4 bottlenecks.</summary>
    public int Expansion { get; init; } = 1;

    /// <summary>How many times fewer hidden units a squeeze-and-excitation has that closes each block than channels; 0 for blocks without.</summary>
    public int Excitation { get; init; }

    /// <summary>Makes convolutions with their normalisation.</summary>
    public ConvolutionUnits Units { get; init; } = ConvolutionUnits.Plain;

    internal static int StrideOf(ResNetStem stem) =>
        stem switch
        {
            ResNetStem.Cifar => 1,
            ResNetStem.Halving => 2,
            _ => 4,
        };

    /// <summary>A block from some channels to others; where it is a stage's first, it may stride, and starts with the dilation of the stage before.</summary>
    internal Module<Tensor, Tensor> Block(long inputs, long channels, int stride, int firstDilation, int dilation) =>
        Expansion == 1
            ? new BasicBlock(inputs, channels, stride, firstDilation, dilation, BlockUnits)
            : new Bottleneck(inputs, channels / Expansion, stride, firstDilation, BlockUnits);

    private ConvolutionUnits BlockUnits => Excitation > 0 ? new ExcitedUnits(Units, Excitation) : Units;

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Width, "width");
        ArgumentOutOfRangeException.ThrowIfNegative(Excitation, "excitation");
        if (Expansion is not (1 or Bottleneck.Expansion))
        {
            throw new ArgumentOutOfRangeException(
                "expansion",
                Expansion,
                $"Blocks expand their channels 1 time or {Bottleneck.Expansion} times."
            );
        }

        if (!int.IsPow2(OutputStride) || OutputStride < StrideOf(Stem))
        {
            throw new ArgumentOutOfRangeException(
                "outputStride",
                OutputStride,
                $"The output stride is a power of 2 and not below the stem's {StrideOf(Stem)}."
            );
        }
    }
}

/// <summary>How an image enters a residual network.</summary>
public enum ResNetStem
{
    /// <summary>A 7 x 7 convolution and a max-pooling, both of stride 2: for images of 100 pixels and more.</summary>
    ImageNet,

    /// <summary>A 3 x 3 convolution of stride 1: for images of about 32 pixels (He et al. 2016, section 4.2).</summary>
    Cifar,

    /// <summary>A 3 x 3 convolution of stride 2: for images of about 64 pixels.</summary>
    Halving,
}
