using Plait.Catalogue;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.PredictionDistillation;

/// <summary>Dense tasks exchange at every scale of the encoder, and what they found at a coarse scale guides the next finer one.</summary>
/// <remarks>
/// Vandenhende et al. 2020, <i>MTI-Net: Multi-Scale Task Interaction Networks for Multi-Task Learning</i>: tasks that are
/// alike at one scale need not be at another. Every scale has early predictions of every task, whose losses count as much as the
/// last one's. The encoder's scales are <see cref="Encoder.Scales"/>; with one scale there is nothing to propagate.
/// </remarks>
[Method(
    "mti-net",
    Survey = "2.1",
    Paper = "Vandenhende et al. 2020, MTI-Net: Multi-Scale Task Interaction Networks for Multi-Task Learning",
    Arxiv = "2001.06902",
    Summary = "Early predictions, gated messages and feature propagation between dense tasks at every scale of the encoder."
)]
public sealed class MtiNet : DistillationNetwork
{
    private readonly ModuleList<InteractionScale> scales;
    private readonly ModuleList<Module<Tensor, Tensor>> lastHeads;

    /// <summary>Puts the exchange and heads on an encoder.</summary>
    /// <param name="tasks">The tasks; dense ones exchange.</param>
    /// <param name="encoder">The shared part, which ends in a map, now owned by this network.</param>
    /// <param name="width">Channels of a task's features at a scale at most, 1 or more; those of the encoder's map when null, as in the paper.</param>
    /// <param name="headWidths">Hidden widths of heads of tasks that are not dense; none for one layer.</param>
    /// <param name="head">
    /// What the last heads of dense tasks are like, on the maps of all scales side by side at the finest one's size; two 1 x 1
    /// convolutions, <see cref="MultiScaleHead"/>, when null.
    /// </param>
    /// <param name="auxiliary">The names of dense tasks that are predicted early only, to help the others; none when null.</param>
    /// <exception cref="NotSupportedException">The encoder ends in a vector.</exception>
    /// <exception cref="ArgumentException">An auxiliary task is not there or not dense, or no dense task is left to help.</exception>
    public MtiNet(
        TaskSet tasks,
        Encoder encoder,
        int? width = null,
        int[]? headWidths = null,
        DenseHead? head = null,
        string[]? auxiliary = null
    )
        : base(tasks, encoder, nameof(MtiNet), readsScales: true, headWidths, auxiliary)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width ?? 1, 1, nameof(width));
        long[] channels = [.. MapShapes.Select(shape => Math.Min(shape[0], width ?? shape[0]))];
        var all = channels.Sum();
        DenseFeatureShape = [all, MapShapes[0][1], MapShapes[0][2]];
        AuxiliaryFeatureShape = [channels[0], MapShapes[0][1], MapShapes[0][2]];
        scales = new ModuleList<InteractionScale>([
            .. channels
                .Where(_ => DenseTasks.Count > 0)
                .Select(
                    (own, scale) =>
                        new InteractionScale(
                            MapShapes[scale][0] + (scale + 1 < channels.Length ? channels[scale + 1] : 0),
                            own,
                            Predictions(own),
                            [.. MainPositions],
                            isFinest: scale == 0
                        )
                ),
        ]);
        lastHeads = LastHeads(head ?? new MultiScaleHead());
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<long> DenseFeatureShape { get; }

    /// <inheritdoc/>
    protected override IReadOnlyList<long> AuxiliaryFeatureShape { get; }

    /// <inheritdoc/>
    protected override IEnumerable<Parameter> DecoderParametersOf(int position) =>
        [
            .. scales.SelectMany(scale => scale.ParametersOf(position)),
            .. IsAuxiliary(position) ? [] : lastHeads[MainPlaceOf(position)].parameters(),
            // At the finest scale nothing is handed on, so features of the one task that hears of others serve it alone.
            .. IsOnlyMain(position) ? scales[0].FeatureParametersOf(position) : [],
            .. IsOnlyMain(position) && scales.Count > 1 ? scales[1].SelectionParametersOf(position) : [],
        ];

    /// <inheritdoc/>
    protected override void Decode(IReadOnlyList<Tensor> maps, IReadOnlyList<int> receivers, TaskOutputs outputs)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(receivers);
        var features = new Tensor[scales.Count][];
        Tensor[]? coarser = null;
        for (var scale = scales.Count - 1; scale >= 0; scale--)
        {
            features[scale] = scales[scale].Features(maps[scale], coarser);
            coarser = scales[scale].Propagate(features[scale]);
        }

        foreach (var task in receivers)
        {
            var finest = features[0][task];
            for (var scale = IsAuxiliary(task) ? 1 : 0; scale < features.Length; scale++)
            {
                AnswerEarly(outputs, task, scales[scale].Predict(task, features[scale][task]));
            }

            if (IsAuxiliary(task))
            {
                AnswerEarlyOnly(outputs, task, scales[0].Predict(task, finest), finest);
            }
            else
            {
                AnswerLast(outputs, task, lastHeads[MainPlaceOf(task)], Aggregate(task, features));
            }
        }
    }

    /// <summary>A task's refined features of all scales, side by side at the size of the finest.</summary>
    private Tensor Aggregate(int task, Tensor[][] features) =>
        torch.cat(
            [
                .. features.Select(
                    (tasks, scale) =>
                        Enlargement.Resize(
                            scales[scale].Refine(task, tasks),
                            DenseFeatureShape[1],
                            DenseFeatureShape[2]
                        )
                ),
            ],
            1
        );
}
