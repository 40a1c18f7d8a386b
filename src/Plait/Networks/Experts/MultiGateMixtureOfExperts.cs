using Plait.Catalogue;
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
public sealed class MultiGateMixtureOfExperts : ExpertNetwork
{
    private readonly ExpertGroup expertLayers;
    private readonly ModuleList<Linear> gates;

    /// <summary>Puts experts, gates and heads on an encoder.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="encoder">What experts and gates read, now owned by this network; one without layers passes the input on.</param>
    /// <param name="experts">How many experts; 8 in the paper.</param>
    /// <param name="expertWidths">The width (channels, on maps) of each layer of an expert, from the input up, at least one; 64 when null.</param>
    /// <param name="headWidths">Hidden widths of heads of linear layers; none for one layer.</param>
    /// <param name="head">What heads of dense tasks are like; <see cref="ConvolutionHead"/> when null.</param>
    /// <exception cref="ArgumentException">There is no expert, or an expert has no layer.</exception>
    public MultiGateMixtureOfExperts(
        TaskSet tasks,
        Encoder encoder,
        int experts = 8,
        int[]? expertWidths = null,
        int[]? headWidths = null,
        DenseHead? head = null
    )
        : base(
            tasks,
            encoder,
            nameof(MultiGateMixtureOfExperts),
            ExpertGroup.Mixed(encoder, expertWidths),
            headWidths,
            head
        )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(experts);
        expertLayers = new ExpertGroup(experts, encoder.OutputShape, ExpertGroup.WidthsOr(expertWidths));
        gates = new ModuleList<Linear>([.. tasks.Select(_ => Linear(encoder.OutputShape[0], experts, hasBias: false))]);
        RegisterComponents();
    }

    /// <summary>How much each selected task listens to each expert: [rows, tasks, experts], each row of experts summing to 1.</summary>
    /// <param name="input">[rows, ...], as the encoder takes it.</param>
    /// <param name="tasks">The tasks whose gates to compute.</param>
    public Tensor GateWeights(Tensor input, TaskSelection tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        return Gate(QueryOf(input), tasks.Indices);
    }

    private protected override long MacsOfMixing(long size) =>
        Mixture.Macs(gates[0].in_features, Tasks.Count, gates[0].out_features, size);

    private protected override IEnumerable<Parameter> SharedMixing => expertLayers.parameters();

    private protected override IEnumerable<Parameter> PrivateMixing(int task) => gates[task].parameters();

    private protected override Tensor[] Consult(Tensor features) =>
        [Mixture.Query(features), expertLayers.call(features)];

    private protected override Tensor Mix(IReadOnlyList<Tensor> parts, ReadOnlySpan<int> tasks, TaskOutputs outputs) =>
        Mixture.Of(Gate(parts[0], tasks), parts[1]);

    private Tensor Gate(Tensor query, ReadOnlySpan<int> tasks) => Mixture.Gate(query, gates.At(tasks));
}
