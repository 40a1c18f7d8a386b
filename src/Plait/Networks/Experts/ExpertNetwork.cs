using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using TorchSharp.Modules;

namespace Plait.Networks.Experts;

/// <summary>An encoder, experts on its features of which some are shared, and for each task a head that reads what is mixed for it.</summary>
/// <remarks>
/// Experts are computed together and never one by one; on an encoder that ends in a map they are convolutions, and what is mixed are
/// maps. The cut between shared and private lies above the last shared expert, beside whatever else the private parts read.
/// </remarks>
public abstract class ExpertNetwork : MultiTaskNetwork, ICountsOwnMacs
{
    private readonly Encoder encoder;
    private readonly ModuleList<TaskHead> heads;
    private readonly long[] mixed;

    /// <summary>Puts heads above experts.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="encoder">What the experts read, now owned by this network.</param>
    /// <param name="name">The module's name.</param>
    /// <param name="mixed">What a head reads, one row: [width] or [channels, height, width].</param>
    /// <param name="headWidths">Hidden widths of heads of linear layers.</param>
    /// <param name="head">What heads of dense tasks are like.</param>
    private protected ExpertNetwork(
        TaskSet tasks,
        Encoder encoder,
        string name,
        long[] mixed,
        int[]? headWidths,
        DenseHead? head
    )
        : base(tasks, name)
    {
        this.encoder = encoder;
        this.mixed = mixed;
        heads = new ModuleList<TaskHead>([
            .. tasks.Select(task => Head.For(task, mixed, encoder.InputShape, headWidths, head)),
        ]);
        register_module("encoder", encoder);
        register_module("heads", heads);
    }

    /// <inheritdoc/>
    public sealed override IEnumerable<Parameter> SharedParameters => [.. encoder.parameters(), .. SharedMixing];

    /// <inheritdoc/>
    public sealed override IEnumerable<Parameter> ParametersOf(int task) =>
        [.. PrivateMixing(task), .. heads[task].parameters()];

    /// <inheritdoc/>
    public override bool HasSharedRepresentation => true;

    /// <inheritdoc/>
    public sealed override FeatureSpec FeatureSpecOf(int task) => mixed;

    /// <inheritdoc/>
    long ICountsOwnMacs.MacsOfRow =>
        MacsOfMixing(MixedSize)
        + (modules().OfType<ExpertLayer>().Sum(layer => layer.Weight.numel()) * MixedSize / mixed[0]);

    /// <summary>Multiply-adds of a row's gates and mixtures.</summary>
    /// <param name="size">Numbers of what one expert says.</param>
    private protected abstract long MacsOfMixing(long size);

    /// <summary>The shared parameters between encoder and heads, the last layer last.</summary>
    private protected abstract IEnumerable<Parameter> SharedMixing { get; }

    /// <summary>The parameters of one task between encoder and head.</summary>
    private protected abstract IEnumerable<Parameter> PrivateMixing(int task);

    /// <summary>Goes through everything that is shared.</summary>
    /// <param name="features">What the encoder says, [rows, ...].</param>
    /// <returns>All that the private parts read, with the rows first.</returns>
    private protected abstract Tensor[] Consult(Tensor features);

    /// <summary>Goes through the private parts of some tasks.</summary>
    /// <param name="parts">What <see cref="Consult"/> returned.</param>
    /// <param name="tasks">The tasks' places in the set.</param>
    /// <param name="outputs">May take penalties.</param>
    /// <returns>What the heads read, [rows, tasks, ...].</returns>
    private protected abstract Tensor Mix(IReadOnlyList<Tensor> parts, ReadOnlySpan<int> tasks, TaskOutputs outputs);

    /// <summary>What gates look at: the encoder's features, pooled where they are maps, [rows, width].</summary>
    private protected Tensor QueryOf(Tensor input) => Mixture.Query(encoder.Features(input));

    /// <inheritdoc/>
    protected sealed override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(outputs);
        var parts = Consult(encoder.Features(input).Values);
        if (outputs.Cuts)
        {
            ForwardParts(outputs, tasks, (task, read) => Answer(outputs, [task], read), parts);
            return;
        }

        Answer(outputs, tasks.Indices, parts);
    }

    private long MixedSize => mixed.Aggregate(1L, (product, size) => product * size);

    private void Answer(TaskOutputs outputs, ReadOnlySpan<int> tasks, IReadOnlyList<Tensor> parts)
    {
        var mixtures = Mix(parts, tasks, outputs).unbind(1);
        for (var i = 0; i < mixtures.Length; i++)
        {
            outputs.SetFeatures(tasks[i], mixtures[i]);
            outputs[tasks[i]] = heads[tasks[i]].call(mixtures[i]);
        }
    }
}
