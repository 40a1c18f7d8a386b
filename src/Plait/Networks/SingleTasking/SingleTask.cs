using Plait.Catalogue;
using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using TorchSharp.Modules;

namespace Plait.Networks.SingleTasking;

/// <summary>One encoder and one head for each task, with nothing shared: the baseline that Δm compares with.</summary>
/// <remarks>Each task's parameters get the gradient of its own loss alone, so training all together equals training one by one.</remarks>
[Method("single-task", Survey = "2", Summary = "No sharing: one encoder and one head for each task.")]
public sealed class SingleTask : MultiTaskNetwork
{
    private readonly ModuleList<Encoder> encoders;
    private readonly ModuleList<TaskHead> heads;

    /// <summary>Builds one network a task.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="encoder">The first task's encoder, now owned by this network; the other tasks get replicas with fresh parameters.</param>
    /// <param name="headWidths">Hidden widths of heads of linear layers; none for one layer.</param>
    /// <param name="head">What heads of dense tasks are like; <see cref="ConvolutionHead"/> when null.</param>
    public SingleTask(TaskSet tasks, Encoder encoder, int[]? headWidths = null, DenseHead? head = null)
        : base(tasks, nameof(SingleTask))
    {
        ArgumentNullException.ThrowIfNull(encoder);
        encoders = new ModuleList<Encoder>([.. encoder.OnePerTask(tasks)]);
        heads = new ModuleList<TaskHead>([.. tasks.Select(task => Head.For(task, encoder, headWidths, head))]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IEnumerable<Parameter> SharedParameters => [];

    /// <inheritdoc/>
    public override IEnumerable<Parameter> ParametersOf(int task) =>
        [.. encoders[task].parameters(), .. heads[task].parameters()];

    /// <inheritdoc/>
    public override FeatureSpec FeatureSpecOf(int task) => encoders[task].Output;

    /// <inheritdoc/>
    public override Encoder EncoderOf(int task) => encoders[task];

    internal TaskHead HeadOf(int task) => heads[task];

    /// <inheritdoc/>
    protected override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(outputs);
        foreach (var task in tasks.Indices)
        {
            var features = encoders[task].Features(input);
            outputs.SetFeatures(task, features);
            outputs[task] = heads[task].call(features);
        }
    }
}
