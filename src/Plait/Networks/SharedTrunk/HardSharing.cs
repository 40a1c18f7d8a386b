using Plait.Catalogue;
using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using TorchSharp.Modules;

namespace Plait.Networks.SharedTrunk;

/// <summary>One encoder for all tasks and one head for each.</summary>
/// <remarks>Caruana 1997, <i>Multitask Learning</i>, section 2: the hidden layers are shared, the outputs are not.</remarks>
[Method(
    "hps",
    Survey = "2.1",
    Paper = "Caruana 1997, Multitask Learning",
    Summary = "Hard parameter sharing: one encoder, one head a task."
)]
public sealed class HardSharing : MultiTaskNetwork
{
    private readonly Encoder encoder;
    private readonly ModuleList<TaskHead> heads;

    /// <summary>Puts one head a task on an encoder.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="encoder">The shared part, now owned by this network.</param>
    /// <param name="headWidths">Hidden widths of heads of linear layers; none for one layer.</param>
    /// <param name="head">What heads of dense tasks are like; <see cref="ConvolutionHead"/> when null.</param>
    public HardSharing(TaskSet tasks, Encoder encoder, int[]? headWidths = null, DenseHead? head = null)
        : base(tasks, nameof(HardSharing))
    {
        ArgumentNullException.ThrowIfNull(encoder);
        this.encoder = encoder;
        heads = new ModuleList<TaskHead>([.. tasks.Select(task => Head.For(task, encoder, headWidths, head))]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IEnumerable<Parameter> SharedParameters => encoder.parameters();

    /// <inheritdoc/>
    public override IEnumerable<Parameter> ParametersOf(int task) => heads[task].parameters();

    /// <inheritdoc/>
    public override bool HasSharedRepresentation => true;

    /// <inheritdoc/>
    public override FeatureSpec FeatureSpecOf(int task) => encoder.Output;

    /// <inheritdoc/>
    public override Encoder EncoderOf(int task) => encoder;

    /// <inheritdoc/>
    public override long RepresentationChannels => encoder.Output.Channels;

    /// <inheritdoc/>
    protected override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs)
    {
        ArgumentNullException.ThrowIfNull(input);
        ForwardHeads(outputs, tasks, (task, features) => heads[task].call(features), encoder.Features(input));
    }
}
