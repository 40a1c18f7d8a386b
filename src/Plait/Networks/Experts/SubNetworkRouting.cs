using Plait.Catalogue;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using TorchSharp.Modules;

namespace Plait.Networks.Experts;

/// <summary>Levels of small sub-networks; gates that are learned, and pressed to close, decide which feeds which and which feed a task.</summary>
/// <remarks>
/// Ma et al. 2019, <i>SNR: Sub-Network Routing for Flexible Parameter Sharing in Multi-Task Learning</i>: the gates are binary
/// variables, relaxed as hard-concrete ones (Louizos et al. 2018), one draw for a whole step, and the expected number of open gates is part
/// of the objective. Towers of tasks are receivers like any other, whose connections belong to their task. A step's draw is a
/// function of the run's seed and the step. Here the penalty of the gates between levels, which all tasks share, is divided among the tasks
/// of the pass.
/// </remarks>
[Method(
    "snr",
    Survey = "2.1",
    Paper = "Ma et al. 2019, SNR: Sub-Network Routing for Flexible Parameter Sharing in Multi-Task Learning",
    Summary = "Levels of sub-networks with learned sparse connections between them and to the tasks."
)]
public sealed class SubNetworkRouting : ExpertNetwork
{
    private static readonly int[] DefaultWidths = [32, 32];

    private readonly ModuleList<ExpertLayer> levels;
    private readonly ModuleList<Routing> between; // level i to level i + 1
    private readonly ModuleList<Routing> towers; // the last level to each task
    private readonly int[] widths;
    private readonly double strength;

    /// <summary>Puts sub-networks, connections and heads on an encoder.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="encoder">What the first level reads, now owned by this network; one without layers passes the input on.</param>
    /// <param name="subNetworks">How many sub-networks each level has.</param>
    /// <param name="widths">The width (channels, on maps) of a sub-network of each level, at least one; 32 and 32 when null.</param>
    /// <param name="connection">Whether connections have matrices (SNR-Trans) or only gates (SNR-Aver).</param>
    /// <param name="strength">Times the expected number of open gates in the objective, 0 or more.</param>
    /// <param name="headWidths">Hidden widths of heads of linear layers; none for one layer.</param>
    /// <param name="head">What heads of dense tasks are like; <see cref="ConvolutionHead"/> when null.</param>
    /// <exception cref="ArgumentException">There is no sub-network, a width is not positive, or the strength is negative.</exception>
    public SubNetworkRouting(
        TaskSet tasks,
        Encoder encoder,
        int subNetworks = 4,
        int[]? widths = null,
        SubNetworkConnection connection = SubNetworkConnection.Transform,
        double strength = 1e-4,
        int[]? headWidths = null,
        DenseHead? head = null
    )
        : base(
            tasks,
            encoder,
            nameof(SubNetworkRouting),
            ExpertGroup.Mixed(encoder, widths ?? DefaultWidths),
            headWidths,
            head
        )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(subNetworks);
        ArgumentOutOfRangeException.ThrowIfNegative(strength);
        this.strength = strength;
        this.widths = widths ?? DefaultWidths;
        levels = new ModuleList<ExpertLayer>([
            .. this.widths.Select(
                (width, i) =>
                    new ExpertLayer(
                        subNetworks,
                        i == 0 ? encoder.OutputShape : ExpertGroup.Shape(encoder.OutputShape, this.widths[i - 1]),
                        width
                    )
            ),
        ]);
        between = new ModuleList<Routing>([
            .. this.widths.SkipLast(1).Select(width => new Routing(subNetworks, subNetworks, width, connection)),
        ]);
        towers = new ModuleList<Routing>([
            .. tasks.Select(_ => new Routing(1, subNetworks, this.widths[^1], connection)),
        ]);
        RegisterComponents();
    }

    /// <summary>The gates from each sub-network of the last level to each task as they act now, [tasks, sub-networks].</summary>
    public Tensor TowerGates() => torch.cat([.. towers.Select(tower => tower.Gates())]);

    /// <summary>The gates between a level and the next as they act now, [receivers, senders].</summary>
    /// <param name="level">From 0 to the number of levels less 2.</param>
    public Tensor GatesAbove(int level) => between[level].Gates();

    /// <inheritdoc/>
    public override void BeginStep(StepContext step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var random = step.Random(ChanceStreams.Routes);
        foreach (var routing in between.Concat(towers))
        {
            routing.Draw(random);
        }
    }

    private protected override long MacsOfMixing(long size) =>
        between.Concat(towers).Sum(routing => routing.MacsOfPixel) * size / widths[^1];

    private protected override IEnumerable<Parameter> SharedMixing =>
        [.. between.SelectMany(routing => routing.parameters()), .. levels.SelectMany(level => level.parameters())];

    private protected override IEnumerable<Parameter> PrivateMixing(int task) => towers[task].parameters();

    private protected override Tensor[] Consult(Tensor features)
    {
        var said = levels[0].call(features);
        for (var i = 1; i < levels.Count; i++)
        {
            said = levels[i].call(Routing.Together(said, [between[i - 1]]));
        }

        return Presses && between.Count > 0
            ? [said, torch.stack([.. between.Select(routing => routing.OpenGates)]).sum(0L, keepdim: true)]
            : [said];
    }

    private protected override Tensor Mix(IReadOnlyList<Tensor> parts, ReadOnlySpan<int> tasks, TaskOutputs outputs)
    {
        if (Presses)
        {
            foreach (var task in tasks)
            {
                var own = towers[task].OpenGates;
                var open = parts.Count == 1 ? own : own.add(parts[1].sum().div(outputs.Tasks.Count));
                outputs.AddPenalty(task, open.mul(strength));
            }
        }

        return Routing.Together(parts[0], towers.At(tasks));
    }

    private bool Presses => training && strength > 0;
}
