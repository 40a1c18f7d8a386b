using Plait.Catalogue;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Networks.SingleTasking;
using Plait.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.TaskRouting;

/// <summary>One encoder for all tasks, whose channels each task scales by learned numbers of its own after every stage.</summary>
/// <remarks>
/// <para>Zhao et al. 2018, <i>A Modulation Module for Multi-task Learning with Applications in Image Retrieval</i>, section 3: a task that can
/// turn a channel down, or round, does not pull at the filters behind it against the others.
/// <see cref="Optimization.UpdateCompliance"/> is the diagnostic of that.</para>
/// <para>The paper puts the scales after some shared layers; here they stand after every stage and start at 1. Of a residual encoder the
/// normalisation layers share scale and shift, and keep the running statistics of each task apart. One pass a task.</para>
/// </remarks>
[Method(
    "modulation",
    Survey = "2.1",
    Paper = "Zhao et al. 2018, A Modulation Module for Multi-task Learning with Applications in Image Retrieval",
    Arxiv = "1807.06708",
    Summary = "One encoder whose channels each task scales by numbers of its own after every stage."
)]
public sealed class ModulatedNetwork : TaskConditionalNetwork
{
    private readonly PerTask[] scales;

    /// <summary>Puts scales after every stage of an encoder, and a head a task on it.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="encoder">Any encoder. A residual one is copied, with what it has learned; any other is now owned by this network.</param>
    /// <param name="headWidths">Hidden widths of heads of linear layers; none for one layer.</param>
    /// <param name="head">What heads of dense tasks are like; <see cref="ConvolutionHead"/> when null.</param>
    public ModulatedNetwork(TaskSet tasks, Encoder encoder, int[]? headWidths = null, DenseHead? head = null)
        : this(tasks, encoder ?? throw new ArgumentNullException(nameof(encoder)), new ActiveTask(), headWidths, head)
    { }

    private ModulatedNetwork(TaskSet tasks, Encoder encoder, ActiveTask turn, int[]? headWidths, DenseHead? head)
        : this(
            tasks,
            encoder,
            turn,
            [
                .. encoder.StageShapes.Select(shape => new PerTask(
                    turn,
                    tasks.Select(Module<Tensor, Tensor> (_) => new ChannelScale(shape))
                )),
            ],
            headWidths,
            head
        ) { }

    private ModulatedNetwork(
        TaskSet tasks,
        Encoder encoder,
        ActiveTask turn,
        PerTask[] scales,
        int[]? headWidths,
        DenseHead? head
    )
        : base(
            tasks,
            nameof(ModulatedNetwork),
            turn,
            encoder.TakesUnits ? new Units(turn, tasks.Count).Rebuild(encoder) : encoder,
            scales,
            headWidths,
            head
        ) => this.scales = scales;

    /// <summary>The numbers by which a task scales the channels after a stage: [width], or [channels, 1, 1].</summary>
    /// <param name="task">The task's place in the set.</param>
    /// <param name="stage">The stage, from 0.</param>
    public Parameter ScaleOf(int task, int stage) => ((ChannelScale)scales[stage].Layers[task]).Scale;

    private sealed class Units(ActiveTask turn, int tasks) : ConditionalUnits(turn, tasks)
    {
        /// <inheritdoc/>
        public override Module<Tensor, Tensor> Unit(ConvolutionShape shape) =>
            new ConditionalUnit(
                shape,
                shape.Role == ConvolutionRole.Stem
                    ? BatchNorm2d(shape.Outputs) // what enters is the same for all tasks
                    : new TaskStatisticsNorm(Turn, Tasks, shape.Outputs)
            );
    }
}
