using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.PredictionDistillation;

/// <summary>A branch for each dense task on one map, an early prediction of each, an exchange between branches, and a last head each.</summary>
/// <remarks>
/// Branches and last heads are those of PAD-Net (Xu et al. 2018) as Vandenhende et al. 2021 build it: two bottlenecks and a 1 x 1
/// convolution. With one dense task its branch goes straight to its last head, and nothing is predicted early.
/// </remarks>
public abstract class BranchExchange : DistillationNetwork
{
    private const int WidthOfPaper = 256;
    private const int Narrowest = 16;
    private const int Multiple = Bottleneck.Expansion;

    private readonly ModuleList<Module<Tensor, Tensor>> branches;
    private readonly ModuleList<Module<Tensor, Tensor>> predictions;
    private readonly ModuleList<Module<Tensor, Tensor>> lastHeads;

    /// <summary>Puts branches and heads on an encoder.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="encoder">The shared part, now owned by this network.</param>
    /// <param name="name">The module's name.</param>
    /// <param name="width">
    /// Channels of a branch, a multiple of 4. When null: the encoder's, but not below 16 nor above the 256 of the survey's code.
    /// </param>
    /// <param name="joined">How many branches' channels a last head reads side by side.</param>
    /// <param name="headWidths">Hidden widths of heads of linear layers; none for one layer.</param>
    /// <param name="head">What last heads are like; the paper's when null.</param>
    /// <param name="auxiliary">The names of dense tasks that are predicted early only, to help the others; none when null.</param>
    /// <exception cref="NotSupportedException">The encoder ends in a vector.</exception>
    /// <exception cref="ArgumentException">An auxiliary task is not there or not dense, or no dense task is left to help.</exception>
    private protected BranchExchange(
        TaskSet tasks,
        Encoder encoder,
        string name,
        int? width,
        int joined,
        int[]? headWidths,
        DenseHead? head,
        string[]? auxiliary
    )
        : base(tasks, encoder, name, readsScales: false, headWidths, auxiliary)
    {
        var map = MapShapes[0];
        Channels = width ?? Math.Clamp(map[0], Narrowest, WidthOfPaper) / Multiple * Multiple;
        if (Channels < Multiple || Channels % Multiple != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(width),
                width,
                $"A branch of bottlenecks has a multiple of {Multiple} channels; got {width}."
            );
        }

        DenseFeatureShape = [Channels * joined, map[1], map[2]];
        AuxiliaryFeatureShape = [Channels, map[1], map[2]];
        branches = new ModuleList<Module<Tensor, Tensor>>([.. DenseTasks.Select(_ => Sequential(Refinement(map[0])))]);
        predictions = DenseTasks.Count > 1 ? Predictions(Channels) : new ModuleList<Module<Tensor, Tensor>>();
        lastHeads = LastHeads(head, outputs => [.. Refinement(DenseFeatureShape[0]), Conv2d(Channels, outputs, 1)]);
        register_module(nameof(branches), branches);
        register_module(nameof(predictions), predictions);
        register_module(nameof(lastHeads), lastHeads);
    }

    /// <inheritdoc/>
    protected sealed override IReadOnlyList<long> DenseFeatureShape { get; }

    /// <inheritdoc/>
    protected sealed override IReadOnlyList<long> AuxiliaryFeatureShape { get; }

    /// <summary>Channels of a branch.</summary>
    protected long Channels { get; }

    /// <inheritdoc/>
    protected sealed override IEnumerable<Parameter> DecoderParametersOf(int position) =>
        IsAuxiliary(position)
            ? predictions[position].parameters()
            :
            [
                .. predictions[position].parameters(),
                .. lastHeads[MainPlaceOf(position)].parameters(),
                .. ReceivingParametersOf(position),
                .. IsOnlyMain(position) ? branches[position].parameters().Concat(SendingParameters) : [],
            ];

    /// <inheritdoc/>
    protected sealed override void Decode(IReadOnlyList<Tensor> maps, IReadOnlyList<int> receivers, TaskOutputs outputs)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(receivers);
        Tensor[] features = [.. branches.Select(branch => branch.call(maps[0]))];
        if (features.Length == 1)
        {
            AnswerLast(outputs, 0, lastHeads[0], features[0]);
            return;
        }

        foreach (var task in receivers.Where(IsAuxiliary))
        {
            AnswerEarlyOnly(outputs, task, predictions[task].call(features[task]), features[task]);
        }

        int[] answered = [.. receivers.Where(task => !IsAuxiliary(task))];
        var refined = answered.Length > 0 ? Exchange(features, answered) : [];
        for (var i = 0; i < refined.Count; i++)
        {
            var task = answered[i];
            AnswerEarly(outputs, task, predictions[task].call(features[task]));
            AnswerLast(outputs, task, lastHeads[MainPlaceOf(task)], refined[i]);
        }
    }

    /// <summary>Parameters of the exchange that gather messages for the task at this position, which is no auxiliary one.</summary>
    protected abstract IEnumerable<Parameter> ReceivingParametersOf(int position);

    /// <summary>Parameters of the exchange that make of each task's features what all receivers, and nobody else, read.</summary>
    protected virtual IEnumerable<Parameter> SendingParameters => [];

    /// <summary>What last heads read.</summary>
    /// <param name="features">One map a dense task, [rows, <see cref="Channels"/>, height, width]; two or more.</param>
    /// <param name="receivers">The positions of the tasks to compute it for, none auxiliary; one or more.</param>
    /// <returns>One map a receiver, of <see cref="DistillationNetwork.DenseFeatureShape"/>.</returns>
    protected abstract IReadOnlyList<Tensor> Exchange(IReadOnlyList<Tensor> features, IReadOnlyList<int> receivers);

    private IEnumerable<Module<Tensor, Tensor>> Refinement(long inputs) =>
        [new Bottleneck(inputs, Channels / Multiple), new Bottleneck(Channels, Channels / Multiple)];
}
