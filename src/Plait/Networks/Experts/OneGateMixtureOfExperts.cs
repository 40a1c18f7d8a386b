using Plait.Catalogue;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Experts;

/// <summary>Experts and one gate that all tasks share: the heads read one mixture.</summary>
/// <remarks>
/// Ma et al. 2018, <i>Modeling Task Relationships in Multi-task Learning with Multi-gate Mixture-of-Experts</i>, equation 4, what
/// the multi-gate model is compared with: y_t = h_t(Σ_k softmax(W x)_k f_k(x)).
/// </remarks>
[Method(
    "omoe",
    Survey = "2.1",
    Paper = "Ma et al. 2018, Modeling Task Relationships in Multi-task Learning with Multi-gate Mixture-of-Experts",
    Summary = "Shared experts, and one gate for all tasks that mixes their outputs."
)]
public sealed class OneGateMixtureOfExperts : ExpertNetwork
{
    private readonly ExpertGroup expertLayers;
    private readonly Linear gate;
    private readonly long channels;

    /// <summary>Puts experts, their gate and heads on an encoder.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="encoder">What experts and gate read, now owned by this network; one without layers passes the input on.</param>
    /// <param name="experts">How many experts; 8 in the paper.</param>
    /// <param name="expertWidths">The width (channels, on maps) of each layer of an expert, from the input up, at least one; 64 when null.</param>
    /// <param name="headWidths">Hidden widths of heads of linear layers; none for one layer.</param>
    /// <param name="head">What heads of dense tasks are like; <see cref="ConvolutionHead"/> when null.</param>
    /// <exception cref="ArgumentException">There is no expert, or an expert has no layer.</exception>
    public OneGateMixtureOfExperts(
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
            nameof(OneGateMixtureOfExperts),
            ExpertGroup.Mixed(encoder, expertWidths),
            headWidths,
            head
        )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(experts);
        var widths = ExpertGroup.WidthsOr(expertWidths);
        channels = widths[^1];
        expertLayers = new ExpertGroup(experts, encoder.OutputShape, widths);
        gate = Linear(encoder.OutputShape[0], experts, hasBias: false);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override long RepresentationChannels => channels;

    private protected override long MacsOfMixing(long size) =>
        Mixture.Macs(gate.in_features, 1, gate.out_features, size);

    private protected override IEnumerable<Parameter> SharedMixing =>
        [.. gate.parameters(), .. expertLayers.parameters()];

    private protected override IEnumerable<Parameter> PrivateMixing(int task) => [];

    private protected override Tensor[] Consult(Tensor features) =>
        [Mixture.Of(Mixture.Gate(Mixture.Query(features), [gate]), expertLayers.call(features)).squeeze(1)];

    private protected override Tensor Mix(IReadOnlyList<Tensor> parts, ReadOnlySpan<int> tasks, TaskOutputs outputs)
    {
        var shape = parts[0].shape;
        return parts[0].unsqueeze(1).expand([shape[0], tasks.Length, .. shape.AsSpan(1)]);
    }
}
