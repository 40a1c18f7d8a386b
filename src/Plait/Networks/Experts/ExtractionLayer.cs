using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Experts;

/// <summary>What the experts of one extraction layer say.</summary>
/// <param name="Own">The tasks' own experts: [rows, tasks, own experts, ...]; null where there are none.</param>
/// <param name="Shared">The shared experts: [rows, shared experts, ...].</param>
internal readonly record struct Opinions(Tensor? Own, Tensor Shared);

/// <summary>Experts of each task, shared experts, and gates that mix them for each task and for the shared experts of the next layer.</summary>
/// <remarks>
/// Tang et al. 2020, equations 1 to 7. A task's gate mixes its own experts and the shared ones by what the task reads here; the
/// shared gate mixes all experts of all tasks by what the shared experts read here.
/// </remarks>
internal sealed class ExtractionLayer : Module
{
    private readonly ModuleList<ExpertGroup> own;
    private readonly ExpertGroup shared;
    private readonly ModuleList<Linear> gates;
    private readonly Linear? sharedGate;
    private readonly int ownExperts;

    /// <summary>Builds one layer.</summary>
    /// <param name="tasks">How many tasks.</param>
    /// <param name="input">What every expert reads, one row: [width] or [channels, height, width].</param>
    /// <param name="ownExperts">Experts of each task, 0 or more.</param>
    /// <param name="sharedExperts">Experts of all, 1 or more.</param>
    /// <param name="widths">The layers of an expert.</param>
    /// <param name="isLast">Whether no shared experts come after it: the layer has no shared gate.</param>
    public ExtractionLayer(
        int tasks,
        IReadOnlyList<long> input,
        int ownExperts,
        int sharedExperts,
        int[] widths,
        bool isLast
    )
        : base(nameof(ExtractionLayer))
    {
        this.ownExperts = ownExperts;
        own = new ModuleList<ExpertGroup>([
            .. Enumerable.Range(0, ownExperts == 0 ? 0 : tasks).Select(_ => new ExpertGroup(ownExperts, input, widths)),
        ]);
        shared = new ExpertGroup(sharedExperts, input, widths);
        gates = new ModuleList<Linear>([
            .. Enumerable.Range(0, tasks).Select(_ => Linear(input[0], ownExperts + sharedExperts, hasBias: false)),
        ]);
        sharedGate = isLast ? null : Linear(input[0], (tasks * ownExperts) + sharedExperts, hasBias: false);
        RegisterComponents();
    }

    /// <summary>The first layers of the shared experts and of each task's own: they read the same where the layer is the first.</summary>
    public IEnumerable<(Parameter Shared, Parameter Private)> Parallel =>
        own.Select(group => (shared.FirstWeight, group.FirstWeight));

    /// <summary>The parameters of the shared experts.</summary>
    public IEnumerable<Parameter> OfShared => shared.parameters();

    /// <summary>The parameters of the gate of the shared experts of the next layer.</summary>
    public IEnumerable<Parameter> OfSharedGate => sharedGate?.parameters() ?? [];

    /// <summary>The parameters of a task's own experts.</summary>
    public IEnumerable<Parameter> OfExperts(int task) => own.Count == 0 ? [] : own[task].parameters();

    /// <summary>The parameters of a task's gate.</summary>
    public IEnumerable<Parameter> OfGate(int task) => gates[task].parameters();

    /// <summary>Multiply-adds of a row's gates and mixtures, where one expert says so many numbers.</summary>
    public long MacsOfMixing(long size) =>
        gates
            .Append(sharedGate)
            .OfType<Linear>()
            .Sum(gate => Mixture.Macs(gate.in_features, 1, gate.out_features, size));

    /// <summary>What the shared experts say.</summary>
    /// <param name="read">[rows, ...].</param>
    public Tensor ConsultShared(Tensor read) => shared.call(read);

    /// <summary>What the own experts of some tasks say, [rows, tasks, own experts, ...]; null where there are none.</summary>
    /// <param name="read">[rows, ...], the same for all tasks, or [rows, tasks, ...].</param>
    /// <param name="tasks">The tasks' places in the set.</param>
    public Tensor? ConsultOwn(Tensor read, ReadOnlySpan<int> tasks)
    {
        if (ownExperts == 0)
        {
            return null;
        }

        var opinions = ExpertGroup.Together(read, own.At(tasks));
        return opinions.view([opinions.size(0), tasks.Length, ownExperts, .. opinions.shape.AsSpan(2)]);
    }

    /// <summary>What is mixed for some tasks, [rows, tasks, ...].</summary>
    /// <param name="read">What the tasks read in this layer: [rows, ...], the same for all, or [rows, tasks, ...].</param>
    /// <param name="opinions">Of the own experts of just these tasks, and of the shared ones.</param>
    /// <param name="tasks">The tasks' places in the set.</param>
    public Tensor MixFor(Tensor read, Opinions opinions, ReadOnlySpan<int> tasks)
    {
        var weights = Mixture.Gate(Mixture.Query(read), gates.At(tasks));
        if (opinions.Own is null)
        {
            return Mixture.Of(weights, opinions.Shared);
        }

        var ofShared = weights.narrow(2, ownExperts, weights.size(2) - ownExperts);
        return Mixture.OfOwn(weights.narrow(2, 0, ownExperts), opinions.Own).add(Mixture.Of(ofShared, opinions.Shared));
    }

    /// <summary>What is mixed for the shared experts of the next layer, [rows, ...].</summary>
    /// <param name="read">What the shared experts read in this layer, [rows, ...].</param>
    /// <param name="opinions">Of the own experts of all tasks, and of the shared ones.</param>
    public Tensor MixForShared(Tensor read, Opinions opinions)
    {
        var weights = Mixture.Gate(Mixture.Query(read), [sharedGate!]);
        var sharedExperts = opinions.Shared.size(1);
        var before = weights.size(2) - sharedExperts;
        var mixed = Mixture.Of(weights.narrow(2, before, sharedExperts), opinions.Shared);
        return (
            opinions.Own is null
                ? mixed
                : mixed.add(Mixture.Of(weights.narrow(2, 0, before), opinions.Own.flatten(1, 2)))
        ).squeeze(1);
    }
}
