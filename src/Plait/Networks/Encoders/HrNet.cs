using Plait.Catalogue;
using Plait.Data;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Encoders;

/// <summary>A network of four parallel scales that exchange what they see; it keeps the finest from end to end.</summary>
/// <remarks>
/// <para>Wang et al. 2020, section 3, in the small form of its authors' public code, HRNet-W18-small-v2: two bottlenecks, then parts of
/// two, three and four streams with 1, 3 and 2 exchanges, two basic blocks a stream before each; 18, 36, 72 and 144 channels at strides
/// 4, 8, 16 and 32. It is what Vandenhende et al. 2021, <i>Multi-Task Learning for Dense Prediction Tasks</i>, calls HRNet-18.</para>
/// <para>It ends in all scales, enlarged to the finest and laid one on the other, as HRNetV2 hands them to its head. Coarser
/// streams are enlarged bilinearly in exchanges too, as in the code for segmentation. Stages: the entrance, the bottlenecks, and all else,
/// since streams side by side are no single map to mix at.</para>
/// </remarks>
[Method(
    "hrnet-w18-small",
    Survey = "2.1",
    Paper = "Wang et al. 2020, Deep High-Resolution Representation Learning for Visual Recognition",
    Arxiv = "1908.07919",
    Summary = "Convolutional encoder of four parallel scales, for dense prediction and multi-scale networks."
)]
[Reads(typeof(ImageInput))]
public sealed class HrNet : Encoder
{
    private const long Smallest = 17; // what leaves each of the four scales a size of its own
    private const int Streams = 4;

    private readonly HrNetDesign design;

    /// <summary>Builds the layers.</summary>
    /// <param name="inputShape">The shape of one image, [channels, height, width], of 17 x 17 pixels or more.</param>
    /// <param name="width">Channels of the finest scale, doubled by each coarser one.</param>
    /// <param name="modules">Exchanges of the parts of two, of three and of four streams: 1, 3 and 2 when null.</param>
    /// <param name="blocks">Blocks of each stream before an exchange, and bottlenecks before the streams.</param>
    /// <param name="stemWidth">Channels of the two convolutions of the entrance, and inside the bottlenecks.</param>
    /// <exception cref="ArgumentException">The shape is not that of such an image, there are not three counts of exchanges, or a number is not positive.</exception>
    public HrNet(
        IReadOnlyList<long> inputShape,
        int width = 18,
        int[]? modules = null,
        int blocks = 2,
        int stemWidth = 64
    )
        : this(inputShape, new HrNetDesign(width, modules ?? [1, 3, 2], blocks, stemWidth, ConvolutionUnits.Plain)) { }

    private HrNet(IReadOnlyList<long> inputShape, HrNetDesign design)
        : base(nameof(HrNet), inputShape, Layers(ImageShape.Of(inputShape, nameof(HrNet), Smallest), design))
    {
        this.design = design;
        ScaleShapes = [.. Shapes(Entered(ImageShape.Of(inputShape, nameof(HrNet), Smallest), design), design)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyList<long>> ScaleShapes { get; }

    /// <inheritdoc/>
    public override Tensor[] Scales(Tensor input) =>
        ((ParallelStreams)Stages[2]).Scales(Stages[1].call(Stages[0].call(input)));

    /// <inheritdoc/>
    protected override Encoder Another() => new HrNet(InputShape, design);

    /// <inheritdoc/>
    protected override Encoder AnotherFor(IReadOnlyList<long> inputShape) => new HrNet(inputShape, design);

    /// <inheritdoc/>
    public override bool TakesUnits => true;

    /// <inheritdoc/>
    protected override Encoder AnotherOf(ConvolutionUnits units) =>
        new HrNet(InputShape, design with { Units = units });

    /// <inheritdoc/>
    protected internal override string PublicName(string name) => PublicNames.OfHighResolutionNetwork(name);

    /// <inheritdoc/>
    protected internal override bool IsLeftOut(string name) =>
        Array.Exists(
            ["incre_modules.", "downsamp_modules.", "final_layer.", "classifier.", "last_layer."],
            part => name.StartsWith(part, StringComparison.Ordinal)
        );

    internal override int EntranceStages => 1;

    private static IEnumerable<(Module<Tensor, Tensor>, long[])> Layers(ImageShape shape, HrNetDesign design)
    {
        design.Check();
        var stem = (long)design.StemWidth;
        var entered = Entered(shape, design);
        yield return (Sequential(Halving(shape.Channels), ReLU(), Halving(stem), ReLU()), entered.ToArray());

        var wide = stem * Bottleneck.Expansion;
        Module<Tensor, Tensor>[] bottlenecks =
        [
            .. Enumerable
                .Range(0, design.Blocks)
                .Select(i => new Bottleneck(i == 0 ? stem : wide, stem, units: design.Units)),
        ];
        yield return (Sequential(bottlenecks), (entered with { Channels = wide }).ToArray());

        var all = Shapes(entered, design).Sum(scale => scale[0]);
        yield return (new ParallelStreams(wide, design), (entered with { Channels = all }).ToArray());

        Module<Tensor, Tensor> Halving(long inputs) =>
            design.Units.Unit(new(inputs, stem, 3, 2, Role: ConvolutionRole.Stem));
    }

    private static ImageShape Entered(ImageShape image, HrNetDesign design) =>
        image.After(design.StemWidth, 3, 2, padding: 1).After(design.StemWidth, 3, 2, padding: 1);

    private static IEnumerable<long[]> Shapes(ImageShape entered, HrNetDesign design)
    {
        var scale = entered with { Channels = design.Width };
        for (var stream = 0; stream < Streams; stream++)
        {
            yield return scale.ToArray();
            scale = scale.After(scale.Channels * 2, 3, 2, padding: 1);
        }
    }
}

/// <summary>What a network of parallel scales is made of.</summary>
internal sealed record HrNetDesign(int Width, int[] Modules, int Blocks, int StemWidth, ConvolutionUnits Units)
{
    /// <summary>The channels of some streams, from the finest.</summary>
    public long[] Channels(int streams) => [.. Enumerable.Range(0, streams).Select(stream => (long)Width << stream)];

    public void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Width, "width");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Blocks, "blocks");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(StemWidth, "stemWidth");
        if (Modules.Length != 3 || Modules.Any(count => count <= 0))
        {
            throw new ArgumentException(
                $"modules counts the exchanges of the parts of two, three and four streams, such as 1-3-2; got {(Modules.Length == 0 ? "none" : string.Join('-', Modules))}."
            );
        }
    }
}
