using Plait.Catalogue;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.PredictionDistillation;

/// <summary>Each dense task spreads its features along the structure of small windows, its own and then one made of all tasks'.</summary>
/// <remarks>
/// Zhou et al. 2020, <i>Pattern-Structure Diffusion for Multi-Task Learning</i>. Like PAP-Net the tasks tell each other which pixels belong
/// together, but only within a window, so that the cost grows with the pixels and not with their square. The paper's exact
/// equations were not at hand: the structure is a softmax over a window, and it passes between tasks by how well windows match.
/// </remarks>
[Method(
    "psd",
    Survey = "2.1",
    Paper = "Zhou et al. 2020, Pattern-Structure Diffusion for Multi-Task Learning",
    Summary = "Features of each dense task spread along local likeness, its own and then what it takes over from all tasks."
)]
public sealed class PatternStructureDiffusion : BranchExchange
{
    private readonly ModuleList<Module<Tensor, Tensor>> keys;
    private readonly ModuleList<StructureDiffusion> diffusions;
    private readonly LocalStructure structure;

    /// <summary>Puts branches, the exchange and heads on an encoder.</summary>
    /// <param name="tasks">The tasks; dense ones exchange.</param>
    /// <param name="encoder">The shared part, which ends in a map, now owned by this network.</param>
    /// <param name="window">Pixels of a side of a window; odd, 3 or more. The default is this library's.</param>
    /// <param name="rounds">Times that a task spreads its features along its own structures; 1 or more. The default is this library's.</param>
    /// <param name="width">
    /// Channels of a branch, a multiple of 4. When null: the encoder's, but not below 16 nor above 256.
    /// </param>
    /// <param name="headWidths">Hidden widths of heads of tasks that are not dense; none for one layer.</param>
    /// <param name="head">What the last heads of dense tasks are like; two bottlenecks and a 1 x 1 convolution when null.</param>
    /// <param name="auxiliary">The names of dense tasks that are predicted early only, to help the others; none when null.</param>
    /// <exception cref="NotSupportedException">The encoder ends in a vector.</exception>
    /// <exception cref="ArgumentException">An auxiliary task is not there or not dense, or no dense task is left to help.</exception>
    public PatternStructureDiffusion(
        TaskSet tasks,
        Encoder encoder,
        int window = 3,
        int rounds = 2,
        int? width = null,
        int[]? headWidths = null,
        DenseHead? head = null,
        string[]? auxiliary = null
    )
        : base(tasks, encoder, nameof(PatternStructureDiffusion), width, joined: 1, headWidths, head, auxiliary)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rounds);
        if (window < 3 || int.IsEvenInteger(window))
        {
            throw new ArgumentOutOfRangeException(
                nameof(window),
                window,
                "A window has an odd number of pixels a side, 3 or more, so that it has a pixel in the middle."
            );
        }

        structure = new LocalStructure(window);
        var count = DenseTasks.Count > 1 ? DenseTasks.Count : 0;
        keys = new ModuleList<Module<Tensor, Tensor>>([
            .. Enumerable.Range(0, count).Select(_ => Conv2d(Channels, PixelPairs.KeysOf(Channels), 1)),
        ]);
        diffusions = new ModuleList<StructureDiffusion>([
            .. MainPositions
                .Where(_ => count > 0)
                .Select(task => new StructureDiffusion(count, task, Channels, rounds, window)),
        ]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override IEnumerable<Parameter> ReceivingParametersOf(int position) =>
        diffusions[MainPlaceOf(position)].parameters();

    /// <inheritdoc/>
    protected override IEnumerable<Parameter> SendingParameters => keys.parameters();

    /// <inheritdoc/>
    protected override IReadOnlyList<Tensor> Exchange(IReadOnlyList<Tensor> features, IReadOnlyList<int> receivers)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(receivers);
        Tensor[] structures = [.. features.Select((map, task) => structure.call(keys[task].call(map)))];
        return [.. receivers.Select(task => diffusions[MainPlaceOf(task)].Spread(structures, features[task]))];
    }
}
