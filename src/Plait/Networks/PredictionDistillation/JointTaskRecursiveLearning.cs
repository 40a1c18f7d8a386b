using Plait.Catalogue;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.PredictionDistillation;

/// <summary>Dense tasks take turns from the coarsest scale to the finest; each turn learns from the latest state of every task.</summary>
/// <remarks>
/// Zhang et al. 2018, <i>Joint Task-Recursive Learning for Semantic Segmentation and Depth Estimation</i>, for any number of
/// tasks. Every state predicts, and its loss counts. The order of the tasks matters: at each scale a later one knows what the
/// earlier ones found there. The paper's exact layers were not at hand: a state is a residual block, not the paper's, and maps
/// are enlarged bilinearly.
/// </remarks>
[Method(
    "jtrl",
    Survey = "2.1",
    Paper = "Zhang et al. 2018, Joint Task-Recursive Learning for Semantic Segmentation and Depth Estimation",
    Summary = "Dense tasks refine one another in turns, from coarse to fine, through attention over their latest states."
)]
public sealed class JointTaskRecursiveLearning : DistillationNetwork
{
    private const long Narrowest = 16;

    private readonly ModuleList<ModuleList<RecursiveState>> states; // by scale, then by task
    private readonly ModuleList<ModuleList<Module<Tensor, Tensor>>> carries; // to each scale but the coarsest, by task
    private readonly ModuleList<ModuleList<Module<Tensor, Tensor>>> predictions; // at each scale but the finest, by task
    private readonly ModuleList<Module<Tensor, Tensor>> lastHeads;

    /// <summary>Puts the states and heads on an encoder.</summary>
    /// <param name="tasks">The tasks; dense ones take turns in this order.</param>
    /// <param name="encoder">The shared part, which ends in a map, now owned by this network.</param>
    /// <param name="width">Channels of a state at most, 1 or more; a state has those of the encoder's map, but not below 16.</param>
    /// <param name="headWidths">Hidden widths of heads of tasks that are not dense; none for one layer.</param>
    /// <param name="head">What the last heads of dense tasks are like; a 1 x 1 convolution when null.</param>
    /// <param name="auxiliary">The names of dense tasks that are predicted early only, to help the others; none when null.</param>
    /// <exception cref="NotSupportedException">The encoder ends in a vector.</exception>
    /// <exception cref="ArgumentException">An auxiliary task is not there or not dense, or no dense task is left to help.</exception>
    public JointTaskRecursiveLearning(
        TaskSet tasks,
        Encoder encoder,
        int width = 64,
        int[]? headWidths = null,
        DenseHead? head = null,
        string[]? auxiliary = null
    )
        : base(tasks, encoder, nameof(JointTaskRecursiveLearning), readsScales: true, headWidths, auxiliary)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        var count = DenseTasks.Count;
        var coarsest = MapShapes.Count - 1;
        if (coarsest == 0 && MainPositions.Count < count)
        {
            throw new ArgumentException(
                $"Auxiliary tasks are predicted at all scales but the finest, and {encoder.GetName()} has one scale; choose an encoder of several, or leave auxiliary out.",
                nameof(auxiliary)
            );
        }

        long[] channels = [.. MapShapes.Select(shape => Math.Min(width, Math.Max(Narrowest, shape[0])))];
        DenseFeatureShape = [channels[0], MapShapes[0][1], MapShapes[0][2]];
        AuxiliaryFeatureShape = coarsest == 0 ? DenseFeatureShape : [channels[1], MapShapes[1][1], MapShapes[1][2]];
        states = new ModuleList<ModuleList<RecursiveState>>([
            .. channels.Select(
                (own, scale) =>
                    new ModuleList<RecursiveState>([
                        .. TurnsAt(scale)
                            .Select(task => new RecursiveState(
                                MapShapes[scale][0],
                                own,
                                scale == coarsest ? task : count
                            )),
                    ])
            ),
        ]);
        carries = new ModuleList<ModuleList<Module<Tensor, Tensor>>>([
            .. channels
                .SkipLast(1)
                .Select(
                    (own, scale) =>
                        new ModuleList<Module<Tensor, Tensor>>([
                            .. DenseTasks.Select(_ =>
                                Sequential(ConvolutionUnits.Plain.Unit(new(channels[scale + 1], own, 1)), ReLU())
                            ),
                        ])
                ),
        ]);
        predictions = new ModuleList<ModuleList<Module<Tensor, Tensor>>>([.. channels.Skip(1).Select(Predictions)]);
        lastHeads = LastHeads(head, outputs => [Conv2d(channels[0], outputs, 1)]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<long> DenseFeatureShape { get; }

    /// <inheritdoc/>
    protected override IReadOnlyList<long> AuxiliaryFeatureShape { get; }

    /// <inheritdoc/>
    /// <remarks>The last task's state at the finest scale is its own: nobody comes after it.</remarks>
    protected override IEnumerable<Parameter> DecoderParametersOf(int position) =>
        [
            .. predictions.SelectMany(scale => scale[position].parameters()),
            .. IsAuxiliary(position) ? [] : lastHeads[MainPlaceOf(position)].parameters(),
            .. position == MainPositions[^1] ? states[0][^1].parameters() : [],
            .. IsOnlyMain(position) ? AloneParametersOf(position) : [],
        ];

    /// <inheritdoc/>
    protected override void Decode(IReadOnlyList<Tensor> maps, IReadOnlyList<int> receivers, TaskOutputs outputs)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(receivers);
        Tensor[] latest = [];
        var lastAtFinest = receivers.LastOrDefault(task => !IsAuxiliary(task), -1);
        for (var scale = maps.Count - 1; scale >= (lastAtFinest < 0 ? 1 : 0); scale--)
        {
            var map = maps[scale];
            latest = [.. latest.Select((state, task) => Carry(state, task, scale, map))];
            foreach (var (task, turn) in TurnsAt(scale).Select((task, turn) => (task, turn)))
            {
                if (scale == 0 && task > lastAtFinest)
                {
                    break;
                }

                var state = states[scale][turn].Next(map, latest);
                latest =
                    task < latest.Length ? [.. latest[..task], state, .. latest[(task + 1)..]] : [.. latest, state];
            }

            foreach (var task in receivers)
            {
                Answer(outputs, task, scale, latest[task]);
            }
        }
    }

    private void Answer(TaskOutputs outputs, int task, int scale, Tensor state)
    {
        if (scale == 0 && !IsAuxiliary(task))
        {
            AnswerLast(outputs, task, lastHeads[MainPlaceOf(task)], state);
        }
        else if (scale == 1 && IsAuxiliary(task))
        {
            AnswerEarlyOnly(outputs, task, predictions[0][task].call(state), state);
        }
        else if (scale > 0)
        {
            AnswerEarly(outputs, task, predictions[scale - 1][task].call(state));
        }
    }

    /// <summary>The positions of the tasks that have a turn at a scale: auxiliary ones have none at the finest.</summary>
    private IReadOnlyList<int> TurnsAt(int scale) =>
        scale == 0 ? MainPositions : [.. Enumerable.Range(0, DenseTasks.Count)];

    /// <summary>What serves the one task that has a turn at the finest scale alone: all that leads there after the last turn of another.</summary>
    private IEnumerable<Parameter> AloneParametersOf(int position) =>
        MainPositions.Count == DenseTasks.Count
            ? []
            : [.. carries[0].parameters(), .. position == DenseTasks.Count - 1 ? states[1][position].parameters() : []];

    /// <summary>A state of the coarser scale, at the size and with the channels of this one.</summary>
    private Tensor Carry(Tensor state, int task, int scale, Tensor map) =>
        Enlargement.Resize(carries[scale][task].call(state), map.size(2), map.size(3));
}
