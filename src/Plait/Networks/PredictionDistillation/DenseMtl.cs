using Plait.Catalogue;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.PredictionDistillation;

/// <summary>A decoder for each dense task, level by level up the encoder's scales; before the last level every pair of tasks exchanges.</summary>
/// <remarks>
/// <para>Lopes et al. 2023, <i>Cross-task Attention Mechanism for Dense Multi-task Learning</i>, section 3. Each ordered pair of tasks has
/// weights of its own. Early predictions are made where the last exchange begins; the last level doubles the size once more.</para>
/// <para>Levels follow the encoder's scales, however many there are; on a residual network with the stem for large images those are five, as
/// with the paper's ResNet-101: the map before the stem's max-pooling is one, so that the exchange is at half the image's size. The authors' atrous pyramid is left out
/// unless it is asked for: on the maps of small encoders its windows lie outside of the map.</para>
/// </remarks>
[Method(
    "dense-mtl",
    Survey = "2.1",
    Paper = "Lopes et al. 2023, Cross-task Attention Mechanism for Dense Multi-task Learning",
    Arxiv = "2206.08927",
    Summary = "A decoder for each dense task; correlation-guided and self-attention between every pair of them."
)]
public sealed class DenseMtl : DistillationNetwork
{
    private const long Narrowest = 32;
    private const long Widest = 128; // the authors' decoder at the level of the exchange and the one before; twice that on coarser maps
    private const int DownscaleOfPaper = 4;
    private const long SmallestSide = 4; // pixels a side that are left to compare

    private readonly ModuleList<ModuleList<UpConvolution>> levels; // the last level first, then by task
    private readonly ModuleList<ModuleList<ExchangeBlock>> exchanges; // the one before the last level first, then by task
    private readonly ModuleList<Module<Tensor, Tensor>> predictions;
    private readonly ModuleList<Module<Tensor, Tensor>> lastHeads;
    private readonly int besides;

    /// <summary>Puts decoders and heads on an encoder.</summary>
    /// <param name="tasks">The tasks; dense ones exchange.</param>
    /// <param name="encoder">The shared part, which ends in a map, now owned by this network.</param>
    /// <param name="attention">By what messages between tasks are chosen.</param>
    /// <param name="exchanges">Levels that end in an exchange, the one before the last and as many before it; 1 or more, 1 in the paper.</param>
    /// <param name="downscale">
    /// How many times smaller each side is while pixels are compared before the last level, half as many times at each level before
    /// it. When null: 4 as in the paper, or what brings the map down to 4096 pixels; never below 4 x 4 pixels.
    /// </param>
    /// <param name="decoderWidths">
    /// Channels of the levels, the last level's first, 2 or more each. When null: of the encoder's map beside, or of the next where that is
    /// one within a stem; from 32 to 128, from the fourth level on to 256; half of the second's at the last. On ResNet-101 that is the
    /// authors' 64-128-128-256-256.
    /// </param>
    /// <param name="rates">
    /// Dilations of an atrous pyramid that stands for the first convolution on the coarsest map, such as the paper's 6-12-18; none when
    /// null.
    /// </param>
    /// <param name="headWidths">Hidden widths of heads of tasks that are not dense; none for one layer.</param>
    /// <param name="head">What the last heads of dense tasks are like; a 1 x 1 convolution when null.</param>
    /// <exception cref="NotSupportedException">The encoder ends in a vector.</exception>
    /// <exception cref="ArgumentException">There are not as many levels or widths, or more pixels would be compared than fit.</exception>
    public DenseMtl(
        TaskSet tasks,
        Encoder encoder,
        CrossTaskAttention attention = CrossTaskAttention.Both,
        int exchanges = 1,
        int? downscale = null,
        int[]? decoderWidths = null,
        int[]? rates = null,
        int[]? headWidths = null,
        DenseHead? head = null
    )
        : base(tasks, encoder, nameof(DenseMtl), readsScales: true, headWidths, readsEntrance: true)
    {
        // A lone map stands beside the first level itself.
        besides = Math.Max(1, MapShapes.Count - 1);
        var widths = Widths(encoder, decoderWidths);
        if (exchanges < 1 || exchanges > besides)
        {
            throw new ArgumentOutOfRangeException(
                nameof(exchanges),
                exchanges,
                $"This encoder's maps make a decoder of {besides + 1} levels, of which 1 to {besides} can end in an exchange; got {exchanges}."
            );
        }

        long[] last = [Math.Min(Height, 2 * MapShapes[0][1]), Math.Min(this.Width, 2 * MapShapes[0][2])];
        DenseFeatureShape = [widths[0], .. last];
        levels = new ModuleList<ModuleList<UpConvolution>>([
            .. widths.Select(
                (width, level) =>
                    new ModuleList<UpConvolution>([
                        .. DenseTasks.Select(_ => new UpConvolution(
                            level == besides ? MapShapes[^1] : [widths[level + 1], .. MapShapes[level].Skip(1)],
                            width,
                            level == 0 ? 0 : MapShapes[level - 1][0],
                            level == 0 ? last : [.. MapShapes[level - 1].Skip(1)],
                            level == besides ? rates : null
                        )),
                    ])
            ),
        ]);
        var count = DenseTasks.Count > 1 ? DenseTasks.Count : 0;
        this.exchanges = new ModuleList<ModuleList<ExchangeBlock>>([
            .. Enumerable
                .Range(0, exchanges)
                .Select(level =>
                {
                    var smaller = Downscale(level, downscale, attention);
                    return new ModuleList<ExchangeBlock>([
                        .. Enumerable
                            .Range(0, count)
                            .Select(task => new ExchangeBlock(count, task, widths[level + 1], smaller, attention)),
                    ]);
                }),
        ]);
        predictions = Predictions(widths[1]);
        lastHeads = LastHeads(head, outputs => [Conv2d(widths[0], outputs, 1)]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<long> DenseFeatureShape { get; }

    /// <inheritdoc/>
    protected override IEnumerable<Parameter> DecoderParametersOf(int position) =>
        [
            .. predictions[position].parameters(),
            .. exchanges[0][position].parameters(),
            .. levels[0][position].parameters(),
            .. lastHeads[position].parameters(),
        ];

    /// <inheritdoc/>
    protected override void Decode(IReadOnlyList<Tensor> maps, IReadOnlyList<int> receivers, TaskOutputs outputs)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(receivers);
        Tensor[] features = [.. DenseTasks.Select(_ => maps[^1])];
        for (var level = besides; level > 1; level--)
        {
            features = Rise(level, features, maps);
            if (level <= exchanges.Count && features.Length > 1)
            {
                features = [.. exchanges[level - 1].Select(block => block.Receive(features))];
            }
        }

        features = Rise(1, features, maps);
        foreach (var task in receivers)
        {
            AnswerEarly(outputs, task, predictions[task].call(features[task]));
            var exchanged = features.Length > 1 ? exchanges[0][task].Receive(features) : features[task];
            AnswerLast(outputs, task, lastHeads[task], levels[0][task].Up(exchanged, beside: null));
        }
    }

    private Tensor[] Rise(int level, Tensor[] features, IReadOnlyList<Tensor> maps) =>
        [.. features.Select((map, task) => levels[level][task].Up(map, maps[level - 1]))];

    private int[] Widths(Encoder encoder, int[]? decoderWidths)
    {
        if (decoderWidths is null)
        {
            // A map within a stem is narrow for its size: the next one counts.
            var first = encoder.ShapesFromEntrance.Count > encoder.ScaleShapes.Count ? 1 : 0;
            var maps = Enumerable.Range(0, besides).Select(map => MapShapes[Math.Max(first, map)][0]);
            int[] before =
            [
                .. maps.Select((width, i) => (int)Math.Clamp(width, Narrowest, i < 2 ? Widest : 2 * Widest)),
            ];
            return [before[0] / 2, .. before];
        }

        return decoderWidths.Length == besides + 1 && decoderWidths.All(width => width >= 2)
            ? decoderWidths
            : throw new ArgumentException(
                $"This encoder's maps make a decoder of {besides + 1} levels; give that many widths, 2 or more each, the last level's first; got {string.Join("-", decoderWidths)}.",
                nameof(decoderWidths)
            );
    }

    private int Downscale(int level, int? downscale, CrossTaskAttention attention)
    {
        var (height, width) = (MapShapes[level][1], MapShapes[level][2]);
        var most = (int)Math.Max(1, Math.Min(height, width) / SmallestSide);
        if (downscale is null)
        {
            var smaller = Math.Max(1, DownscaleOfPaper >> level);
            while (height / smaller * (width / smaller) > PixelPairs.MostPixels)
            {
                smaller++;
            }

            return Math.Min(smaller, most);
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(downscale.Value, nameof(downscale));
        var asked = Math.Min(Math.Max(1, downscale.Value >> level), most);
        return attention == CrossTaskAttention.Self || height / asked * (width / asked) <= PixelPairs.MostPixels
            ? asked
            : throw new ArgumentException(
                $"A map of {height} x {width} pixels, {asked} times smaller each way, has more pixels than the {PixelPairs.MostPixels} between which all pairs fit; choose a larger downscale.",
                nameof(downscale)
            );
    }
}
