using Plait.Catalogue;
using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Experts;

/// <summary>Experts that all tasks share, and for each task a gate that says, row by row, how much it listens to each of them.</summary>
/// <remarks>
/// Ma et al. 2018, <i>Modeling Task Relationships in Multi-task Learning with Multi-gate Mixture-of-Experts</i>, equations 5
/// to 7: y_t = h_t(Σ_k softmax(W_t x)_k f_k(x)). In the paper x is the raw input, which an encoder without layers gives; any
/// other encoder is a shared bottom below experts and gates. The paper does not say how gates start; here they start like
/// any linear layer.
/// </remarks>
[Method(
    "mmoe",
    Survey = "2.1",
    Paper = "Ma et al. 2018, Modeling Task Relationships in Multi-task Learning with Multi-gate Mixture-of-Experts",
    Summary = "Shared experts, and one gate a task that mixes their outputs."
)]
public sealed class MultiGateMixtureOfExperts : MultiTaskNetwork
{
    private static readonly int[] DefaultExpertWidths = [64];

    private readonly Encoder encoder;
    private readonly ModuleList<ExpertLayer> expertLayers;
    private readonly ModuleList<Linear> gates;
    private readonly ModuleList<Module<Tensor, Tensor>> heads;
    private readonly long width;

    /// <summary>Puts experts, gates and heads on an encoder.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="encoder">What experts and gates read, now owned by this network; one without layers passes the input on.</param>
    /// <param name="experts">How many experts; 8 in the paper.</param>
    /// <param name="expertWidths">The width of each layer of an expert, from the input up, at least one; 64 when null.</param>
    /// <param name="headWidths">Hidden widths of each head; none for one linear layer.</param>
    /// <exception cref="ArgumentException">There is no expert, or an expert has no layer.</exception>
    public MultiGateMixtureOfExperts(
        TaskSet tasks,
        Encoder encoder,
        int experts = 8,
        int[]? expertWidths = null,
        int[]? headWidths = null
    )
        : base(tasks, nameof(MultiGateMixtureOfExperts))
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(experts);
        int[] widths = expertWidths ?? DefaultExpertWidths;
        if (widths.Length == 0 || widths.Any(width => width <= 0))
        {
            throw new ArgumentException(
                $"An expert has one layer or more, each of positive width, such as 64; got [{string.Join(", ", widths)}].",
                nameof(expertWidths)
            );
        }

        this.encoder = encoder;
        width = widths[^1];
        long[] sizes = [encoder.OutputWidth, .. widths];
        expertLayers = new ModuleList<ExpertLayer>([
            .. widths.Select((width, i) => new ExpertLayer(experts, sizes[i], width)),
        ]);
        gates = new ModuleList<Linear>([.. tasks.Select(_ => Linear(encoder.OutputWidth, experts, hasBias: false))]);
        heads = new ModuleList<Module<Tensor, Tensor>>([
            .. tasks.Select(task => Head.For(task, widths[^1], headWidths)),
        ]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IEnumerable<Parameter> SharedParameters =>
        [.. encoder.parameters(), .. expertLayers.SelectMany(layer => layer.parameters())];

    /// <inheritdoc/>
    public override IEnumerable<Parameter> ParametersOf(int task) =>
        [.. gates[task].parameters(), .. heads[task].parameters()];

    /// <inheritdoc/>
    public override bool HasSharedRepresentation => true;

    /// <inheritdoc/>
    public override IReadOnlyList<long> FeatureShapeOf(int task) => [width];

    /// <summary>How much each selected task listens to each expert: [rows, tasks, experts], each row of experts summing to 1.</summary>
    /// <param name="input">[rows, ...], as the encoder takes it.</param>
    /// <param name="tasks">The tasks whose gates to compute.</param>
    public Tensor GateWeights(Tensor input, TaskSelection tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        return Gate(encoder.FlatFeatures(input), tasks.Indices);
    }

    /// <inheritdoc/>
    public override TaskOutputs Forward(MultiTaskBatch batch, TaskSelection tasks)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(tasks);
        if (!batch.SharesInput)
        {
            var separate = new TaskOutputs(tasks);
            foreach (var task in tasks.Indices)
            {
                var own = encoder.FlatFeatures(batch.InputOf(task));
                Answer(separate, [task], Mix(own, Consult(own), [task]));
            }

            return separate;
        }

        var features = encoder.FlatFeatures(batch.Input);
        if (!IsCutting)
        {
            var outputs = new TaskOutputs(tasks);
            Answer(outputs, tasks.Indices, Mix(features, Consult(features), tasks.Indices));
            return outputs;
        }

        var next = 0;
        var mixtures = new Tensor[tasks.Count];
        var cut = ForwardHeads(
            tasks,
            (task, parts) => heads[task].call(mixtures[next++] = Mix(parts[0], parts[1], [task])[0]),
            features,
            Consult(features)
        );
        for (var i = 0; i < mixtures.Length; i++)
        {
            cut.SetFeatures(tasks.Indices[i], mixtures[i]);
        }

        return cut;
    }

    /// <summary>What every expert says: [rows, experts, width].</summary>
    private Tensor Consult(Tensor features)
    {
        foreach (var layer in expertLayers)
        {
            features = layer.call(features);
        }

        return features;
    }

    /// <summary>What the heads of some tasks read; the gates are one linear layer and the mixtures one batched product.</summary>
    private Tensor[] Mix(Tensor features, Tensor opinions, ReadOnlySpan<int> tasks)
    {
        var gate = Gate(features, tasks);
        return tasks.Length == 1
            ? [gate.transpose(1, 2).mul(opinions).sum(dim: 1L)] // batched products of single rows are slow
            : gate.bmm(opinions).unbind(1); // [rows, tasks, width]
    }

    private void Answer(TaskOutputs outputs, ReadOnlySpan<int> tasks, Tensor[] mixtures)
    {
        for (var i = 0; i < mixtures.Length; i++)
        {
            outputs.SetFeatures(tasks[i], mixtures[i]);
            outputs[tasks[i]] = heads[tasks[i]].call(mixtures[i]);
        }
    }

    private Tensor Gate(Tensor features, ReadOnlySpan<int> tasks)
    {
        var weights = new Tensor[tasks.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = gates[tasks[i]].weight!;
        }

        return functional.linear(features, torch.cat(weights)).view(features.shape[0], weights.Length, -1).softmax(-1);
    }
}
