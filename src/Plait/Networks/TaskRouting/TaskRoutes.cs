using Plait.Catalogue;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Networks.SingleTasking;
using Plait.Tasks;
using static TorchSharp.torch.nn;

namespace Plait.Networks.TaskRouting;

/// <summary>One encoder of which each task uses its own random channels, drawn once and for all.</summary>
/// <remarks>
/// <para>Strezoski, van Noord and Worring 2019, <i>Many Task Learning with Task Routing</i>, section 3: behind every convolution a fixed mask
/// of zeros and ones for each task. Two tasks meet in the channels that both have; nothing is added that learns, so hundreds
/// of tasks cost what one does.</para>
/// <para>The masks come from torch's generator, so that a run's seed decides them, and are saved with the network. They multiply, so a
/// channel that a task does not use gets no gradient from it. Normalisation layers keep the running statistics of each task
/// apart: half of a layer's channels missing, those of one task are not those of another. One pass a task.</para>
/// </remarks>
[Method(
    "task-routing",
    Survey = "2.1",
    Paper = "Strezoski, van Noord and Worring 2019, Many Task Learning with Task Routing",
    Arxiv = "1903.12117",
    Summary = "One encoder of which each task uses its own fixed random channels."
)]
public sealed class TaskRoutes : TaskConditionalNetwork
{
    /// <summary>Draws the masks, and puts a head a task on the encoder.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="encoder">
    /// Any encoder. A residual one is copied, with what it has learned, and masked behind every convolution; any other is now owned by
    /// this network and masked behind every stage.
    /// </param>
    /// <param name="share">The share of a layer's channels that each task uses, above 0 to 1; at 1 all tasks share everything.</param>
    /// <param name="headWidths">Hidden widths of heads of linear layers; none for one layer.</param>
    /// <param name="head">What heads of dense tasks are like; <see cref="ConvolutionHead"/> when null.</param>
    /// <exception cref="ArgumentException">The share is out of its range.</exception>
    public TaskRoutes(
        TaskSet tasks,
        Encoder encoder,
        double share = 0.5,
        int[]? headWidths = null,
        DenseHead? head = null
    )
        : this(
            tasks,
            encoder ?? throw new ArgumentNullException(nameof(encoder)),
            share,
            new ActiveTask(),
            headWidths,
            head
        ) { }

    private TaskRoutes(
        TaskSet tasks,
        Encoder encoder,
        double share,
        ActiveTask turn,
        int[]? headWidths,
        DenseHead? head
    )
        : base(
            tasks,
            nameof(TaskRoutes),
            turn,
            encoder.TakesUnits ? new Units(turn, tasks.Count, Checked(share)).Rebuild(encoder) : encoder,
            encoder.TakesUnits
                ? []
                :
                [
                    .. encoder.StageShapes.Select(shape => new ChannelMasks(
                        turn,
                        tasks.Count,
                        shape[0],
                        Checked(share)
                    )),
                ],
            headWidths,
            head
        ) { }

    /// <summary>Which channels each task uses, one tensor a layer: 1 for those that it does and 0 for others, [tasks, channels].</summary>
    public IReadOnlyList<Tensor> Masks => [.. modules().OfType<ChannelMasks>().Select(layer => layer.Masks)];

    private static double Checked(double share) =>
        share is > 0 and <= 1
            ? share
            : throw new ArgumentException(
                $"share is the part of the channels that a task uses, above 0 to 1; got {share}.",
                nameof(share)
            );

    private sealed class Units(ActiveTask turn, int tasks, double share) : ConditionalUnits(turn, tasks)
    {
        /// <inheritdoc/>
        public override Module<Tensor, Tensor> Unit(ConvolutionShape shape) =>
            new ConditionalUnit(
                shape,
                new TaskStatisticsNorm(Turn, Tasks, shape.Outputs),
                closing: new ChannelMasks(Turn, Tasks, shape.Outputs, share)
            );
    }
}
