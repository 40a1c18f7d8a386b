using Plait.Catalogue;
using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.SharedTrunk;

/// <summary>One encoder and one layer of features for all tasks, of which one counts and the others help it; a linear head for each.</summary>
/// <remarks>
/// Zhang et al. 2014, <i>Facial Landmark Detection by Deep Multi-task Learning</i>, sections 3.1 and 3.2: the shared features are
/// |tanh(W x)|, and every task, the main one and its helpers, is linear in them. Which task counts is said to the schedule
/// <c>task-wise-early-stopping</c>, the paper's other half, which takes helpers away that have nothing left to give; here all tasks are alike.
/// On maps the layer is a 1 x 1 convolution.
/// </remarks>
[Method(
    "tcdcn",
    Survey = "2.1",
    Paper = "Zhang et al. 2014, Facial Landmark Detection by Deep Multi-task Learning",
    Summary = "Hard parameter sharing with one shared layer of features, for a main task and its helpers."
)]
public sealed class Tcdcn : MultiTaskNetwork
{
    private readonly Encoder encoder;
    private readonly Module<Tensor, Tensor> layer;
    private readonly ModuleList<TaskHead> heads;
    private readonly long[] shape;

    /// <summary>Puts the shared layer and one head a task on an encoder.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="encoder">What the shared layer reads, now owned by this network.</param>
    /// <param name="features">Width of the shared layer; 100 in the paper.</param>
    /// <param name="headWidths">Hidden widths of heads of linear layers; none, as in the paper, for one layer.</param>
    /// <param name="head">What heads of dense tasks are like; <see cref="ConvolutionHead"/> when null.</param>
    public Tcdcn(TaskSet tasks, Encoder encoder, int features = 100, int[]? headWidths = null, DenseHead? head = null)
        : base(tasks, nameof(Tcdcn))
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        this.encoder = encoder;
        var onMaps = encoder.OutputShape.Count == 3;
        shape = [features, .. onMaps ? encoder.OutputShape.Skip(1) : []];
        layer = Pointwise.Layer(onMaps ? encoder.OutputShape[0] : encoder.OutputWidth, features, onMaps);
        heads = new ModuleList<TaskHead>([
            .. tasks.Select(task => Head.For(task, shape, encoder.InputShape, headWidths, head)),
        ]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IEnumerable<Parameter> SharedParameters => [.. encoder.parameters(), .. layer.parameters()];

    /// <inheritdoc/>
    public override IEnumerable<Parameter> ParametersOf(int task) => heads[task].parameters();

    /// <inheritdoc/>
    public override bool HasSharedRepresentation => true;

    /// <inheritdoc/>
    public override FeatureSpec FeatureSpecOf(int task) => shape;

    /// <inheritdoc/>
    public override long RepresentationChannels => shape[0];

    /// <inheritdoc/>
    protected override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs)
    {
        ArgumentNullException.ThrowIfNull(input);
        ForwardHeads(outputs, tasks, (task, read) => heads[task].call(read[0]), Features(input));
    }

    private Tensor Features(BatchInput input) =>
        layer.call(shape.Length == 3 ? encoder.Features(input).Values : encoder.FlatFeatures(input)).tanh().abs();
}
