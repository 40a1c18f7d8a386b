using System.Numerics;
using Plait.Catalogue;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using TorchSharp.Modules;

namespace Plait.Networks.Experts;

/// <summary>Shared experts of which each task comes to listen to a few: its gate is a sum of selectors that each settle on one.</summary>
/// <remarks>
/// <para>Hazimeh et al. 2021, <i>DSelect-k: Differentiable Selection in the Mixture of Experts with Applications to Multi-Task Learning</i>,
/// section 3: a selector gives expert i the product over the binary digits of i of S(z_b) or 1 − S(z_b), S being a smooth step,
/// and the gate is Σ_j softmax(α)_j r(z_j). Once the steps are at 0 or 1, no more than k experts have weight, and
/// training is an ordinary descent all the way.</para>
/// <para>Each task's loss gains the entropy of its selectors and, where the number of experts is no power of 2, 1/Σ_i r_i − 1 for each, which
/// keeps weight from numbers that no expert has. Both are means over rows, where the authors' code has sums.</para>
/// </remarks>
[Method(
    "dselect-k",
    Survey = "2.1",
    Paper = "Hazimeh et al. 2021, DSelect-k: Differentiable Selection in the Mixture of Experts with Applications to Multi-Task Learning",
    Arxiv = "2106.03760",
    Summary = "Shared experts of which each task's gate selects at most k, differentiably."
)]
public sealed class DSelectK : ExpertNetwork
{
    private const double Tiny = 1e-6; // keeps logarithms and quotients finite, as the authors' code does

    private readonly ExpertGroup expertLayers;
    private readonly ModuleList<ExpertSelector> gates;
    private readonly int experts;
    private readonly int selectors;
    private readonly int digits;
    private readonly bool perExample;
    private readonly double stepWidth;
    private readonly double entropy;

    /// <summary>Puts experts, gates and heads on an encoder.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="encoder">What the experts read, now owned by this network; one without layers passes the input on.</param>
    /// <param name="experts">How many experts.</param>
    /// <param name="k">How many of them a task may listen to in the end, from 1 to all.</param>
    /// <param name="perExample">Whether a gate looks at each row, or is the same for all rows of a task.</param>
    /// <param name="entropy">The weight of the selectors' entropy in the losses, 0 or more; the default is that of the authors' code.</param>
    /// <param name="stepWidth">γ, the length of the interval in which the smooth step rises, above 0.</param>
    /// <param name="expertWidths">The width (channels, on maps) of each layer of an expert, from the input up, at least one; 64 when null.</param>
    /// <param name="headWidths">Hidden widths of heads of linear layers; none for one layer.</param>
    /// <param name="head">What heads of dense tasks are like; <see cref="ConvolutionHead"/> when null.</param>
    /// <exception cref="ArgumentException">There is no expert, an expert has no layer, or a number is out of its range.</exception>
    public DSelectK(
        TaskSet tasks,
        Encoder encoder,
        int experts = 8,
        int k = 2,
        bool perExample = false,
        double entropy = 1e-6,
        double stepWidth = 1,
        int[]? expertWidths = null,
        int[]? headWidths = null,
        DenseHead? head = null
    )
        : base(tasks, encoder, nameof(DSelectK), ExpertGroup.Mixed(encoder, expertWidths), headWidths, head)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(experts);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, experts);
        ArgumentOutOfRangeException.ThrowIfNegative(entropy);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stepWidth);
        this.experts = experts;
        this.perExample = perExample;
        this.entropy = entropy;
        this.stepWidth = stepWidth;
        selectors = k;
        digits = experts == 1 ? 0 : BitOperations.Log2((uint)(experts - 1)) + 1;
        expertLayers = new ExpertGroup(experts, encoder.OutputShape, ExpertGroup.WidthsOr(expertWidths));
        gates = new ModuleList<ExpertSelector>([
            .. tasks.Select(_ => new ExpertSelector(k, digits, stepWidth, perExample ? encoder.OutputShape[0] : null)),
        ]);
        RegisterComponents();
    }

    /// <summary>How much each selected task listens to each expert, [rows, tasks, experts]; one row for all where gates look at no row.</summary>
    /// <param name="input">[rows, ...], as the encoder takes it.</param>
    /// <param name="tasks">The tasks whose gates to compute.</param>
    public Tensor GateWeights(Tensor input, TaskSelection tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        return Gate(perExample ? QueryOf(input) : null, tasks.Indices).Weights;
    }

    private protected override long MacsOfMixing(long size) =>
        (Tasks.Count * experts * size) + gates.Sum(gate => gate.Macs);

    private protected override IEnumerable<Parameter> SharedMixing => expertLayers.parameters();

    private protected override IEnumerable<Parameter> PrivateMixing(int task) => gates[task].parameters();

    private protected override Tensor[] Consult(Tensor features) =>
        perExample ? [expertLayers.call(features), Mixture.Query(features)] : [expertLayers.call(features)];

    private protected override Tensor Mix(IReadOnlyList<Tensor> parts, ReadOnlySpan<int> tasks, TaskOutputs outputs)
    {
        var (weights, choices) = Gate(perExample ? parts[1] : null, tasks);
        if (training && (entropy > 0 || !BitOperations.IsPow2(experts)))
        {
            var costs = Costs(choices).unbind(0);
            for (var i = 0; i < tasks.Length; i++)
            {
                outputs.AddPenalty(tasks[i], costs[i]);
            }
        }

        return Mixture.Of(weights.expand(parts[0].size(0), -1, -1), parts[0]);
    }

    /// <summary>The weights of the experts, [rows, tasks, experts], and what each selector gives them, [rows, tasks, selectors, experts].</summary>
    private (Tensor Weights, Tensor Choices) Gate(Tensor? query, ReadOnlySpan<int> tasks)
    {
        var logits = ExpertSelector.Logits(query, gates.At(tasks));
        var (rows, count) = (logits.size(0), logits.size(1));
        var steps = SmoothStep.At(logits.narrow(2, 0, selectors * digits), stepWidth);
        var choices = Choose(steps.reshape(rows, count, selectors, digits));
        var shares = logits.narrow(2, selectors * digits, selectors).softmax(-1);
        return (shares.unsqueeze(-1).mul(choices).sum(2L), choices);
    }

    /// <summary>From the digits, [rows, tasks, selectors, digits], to the experts, [rows, tasks, selectors, experts], digit by digit from the highest.</summary>
    private Tensor Choose(Tensor steps)
    {
        var chosen = torch.ones([.. steps.shape.AsSpan(0, 3), 1], steps.dtype, steps.device);
        for (var digit = 0; digit < digits; digit++)
        {
            var one = chosen.mul(steps.narrow(-1, digit, 1));
            chosen = torch.stack([chosen.sub(one), one], -1).flatten(-2, -1);
        }

        return chosen.narrow(-1, 0, experts);
    }

    /// <summary>What the choices of each task's selectors cost, [tasks].</summary>
    private Tensor Costs(Tensor choices)
    {
        var disorder = choices.mul(choices.add(Tiny).log()).sum(-1L).mul(-entropy);
        return (
            BitOperations.IsPow2(experts)
                ? disorder
                : disorder.add(choices.sum(-1L).clamp_min(Tiny).reciprocal()).sub(1)
        )
            .sum(2L)
            .mean([0]);
    }
}
