using Plait.Catalogue;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Plait.Networks.PredictionDistillation;

/// <summary>Each dense task spreads its features over pixels that are alike in its own eyes and in those of the other tasks.</summary>
/// <remarks>
/// <para>Zhang et al. 2019, <i>Pattern-Affinitive Propagation across Depth, Surface Normal and Semantic Segmentation</i>: cross-task and then
/// task-specific propagation. What passes between tasks is which pixels belong together, never a feature.</para>
/// <para>An affinity has a number for each pair of pixels. Maps of more pixels than <c>pixels</c> are averaged to a coarser
/// grid first, and what the propagation changed there is added to the map.</para>
/// </remarks>
[Method(
    "pap-net",
    Survey = "2.1",
    Paper = "Zhang et al. 2019, Pattern-Affinitive Propagation across Depth, Surface Normal and Semantic Segmentation",
    Arxiv = "1906.03525",
    Summary = "Features of each dense task diffuse over pixels that all tasks together find alike."
)]
public sealed class PapNet : BranchExchange
{
    private readonly ModuleList<Module<Tensor, Tensor>> keys;
    private readonly ModuleList<AffinityPropagation> propagations;
    private readonly PixelAffinity affinity = new();
    private readonly long[] grid;

    /// <summary>Puts branches, the exchange and heads on an encoder.</summary>
    /// <param name="tasks">The tasks; dense ones exchange.</param>
    /// <param name="encoder">The shared part, which ends in a map, now owned by this network.</param>
    /// <param name="iterations">Times that a task's features are propagated; 1 or more. The default is this library's.</param>
    /// <param name="beta">
    /// What share of a pixel's features comes from pixels like it each time, from 0 to 1. The default is that of a public
    /// implementation; half and more makes maps of a few pixels a side flat before the affinities are learned.
    /// </param>
    /// <param name="pixels">Pixels of a map between which affinities are computed at most, up to 4096; more are averaged to fewer.</param>
    /// <param name="width">
    /// Channels of a branch, a multiple of 4. When null: the encoder's, but not below 16 nor above 256.
    /// </param>
    /// <param name="headWidths">Hidden widths of heads of tasks that are not dense; none for one layer.</param>
    /// <param name="head">What the last heads of dense tasks are like; two bottlenecks and a 1 x 1 convolution when null.</param>
    /// <param name="auxiliary">The names of dense tasks that are predicted early only, to help the others; none when null.</param>
    /// <exception cref="NotSupportedException">The encoder ends in a vector.</exception>
    /// <exception cref="ArgumentException">An auxiliary task is not there or not dense, or no dense task is left to help.</exception>
    public PapNet(
        TaskSet tasks,
        Encoder encoder,
        int iterations = 3,
        double beta = 0.05,
        int pixels = 1024,
        int? width = null,
        int[]? headWidths = null,
        DenseHead? head = null,
        string[]? auxiliary = null
    )
        : base(tasks, encoder, nameof(PapNet), width, joined: 1, headWidths, head, auxiliary)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(iterations);
        if (!(beta is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(beta), beta, "The share that is propagated is from 0 to 1.");
        }

        PixelPairs.Require(pixels, nameof(pixels));
        grid = PixelPairs.GridOf(DenseFeatureShape[1], DenseFeatureShape[2], pixels);
        var count = DenseTasks.Count > 1 ? DenseTasks.Count : 0;
        keys = new ModuleList<Module<Tensor, Tensor>>([
            .. Enumerable.Range(0, count).Select(_ => Conv2d(Channels, PixelPairs.KeysOf(Channels), 1)),
        ]);
        propagations = new ModuleList<AffinityPropagation>([
            .. MainPositions.Where(_ => count > 0).Select(_ => new AffinityPropagation(count, iterations, beta)),
        ]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override IEnumerable<Parameter> ReceivingParametersOf(int position) =>
        propagations[MainPlaceOf(position)].parameters();

    /// <inheritdoc/>
    protected override IEnumerable<Parameter> SendingParameters => keys.parameters();

    /// <inheritdoc/>
    protected override IReadOnlyList<Tensor> Exchange(IReadOnlyList<Tensor> features, IReadOnlyList<int> receivers)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(receivers);
        var isCoarser = grid[0] != DenseFeatureShape[1] || grid[1] != DenseFeatureShape[2];
        Tensor[] maps = isCoarser ? [.. features.Select(map => adaptive_avg_pool2d(map, grid))] : [.. features];
        var affinities = torch.stack([.. maps.Select((map, task) => affinity.call(keys[task].call(map)))]);
        return [.. receivers.Select(Propagate)];

        Tensor Propagate(int task)
        {
            var propagated = propagations[MainPlaceOf(task)].call(affinities, maps[task]);
            return isCoarser
                ? features[task]
                    + Enlargement.Resize(propagated - maps[task], DenseFeatureShape[1], DenseFeatureShape[2])
                : propagated;
        }
    }
}
