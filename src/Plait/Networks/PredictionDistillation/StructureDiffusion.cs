using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.PredictionDistillation;

/// <summary>One task's features, spread along its own pattern structures and then along those that it takes over from all tasks.</summary>
/// <remarks>
/// Zhou et al. 2020, PSD. Within the task: F ← F + conv(Σ_q a_t(p, q) F_q), again and again, so that each round reaches one window
/// further. Between tasks: Σ_s w_s(p) a_s with w = softmax over s of ω_s + κ m_s(p), where m_s is how well the structures of t
/// and s match at that pixel; one more round along it.
/// </remarks>
internal sealed class StructureDiffusion : Module
{
    private const string Preferences = "preferences"; // ω
    private const string Sharpness = "sharpness"; // κ

    private readonly ModuleList<Conv2d> within;
    private readonly Conv2d between;
    private readonly StructureSum sums;
    private readonly int target;

    /// <summary>Builds the convolutions; no task is preferred at the start, and κ is 1.</summary>
    public StructureDiffusion(int tasks, int target, long channels, int rounds, int window)
        : base(nameof(StructureDiffusion))
    {
        this.target = target;
        sums = new StructureSum(window);
        within = new ModuleList<Conv2d>([
            .. Enumerable.Range(0, rounds).Select(_ => Conv2d(channels, channels, 1, bias: false)),
        ]);
        between = Conv2d(channels, channels, 1, bias: false);
        using var scope = torch.NewDisposeScope();
        Add(Preferences, torch.zeros(tasks));
        Add(Sharpness, torch.ones(1));
        RegisterComponents();
    }

    /// <summary>The spread features, of the map's shape.</summary>
    /// <param name="structures">One a task, [rows, window², pixels].</param>
    /// <param name="map">The task's features, [rows, channels, height, width].</param>
    public Tensor Spread(IReadOnlyList<Tensor> structures, Tensor map)
    {
        using var scope = torch.NewDisposeScope();
        foreach (var convolution in within)
        {
            map = map + convolution.call(sums.call(structures[target], map));
        }

        return (map + between.call(sums.call(Transferred(structures), map))).MoveToOuterDisposeScope();
    }

    /// <summary>What the task makes of all tasks' structures: [rows, window², pixels], which sums to one over a window.</summary>
    public Tensor Transferred(IReadOnlyList<Tensor> structures)
    {
        using var scope = torch.NewDisposeScope();
        var matching = torch.stack(
            [.. structures.Select(structure => LocalStructure.Matching(structures[target], structure))],
            1
        ); // [rows, tasks, pixels]
        var weights = matching
            .mul(get_parameter(Sharpness)!)
            .add(get_parameter(Preferences)!.unsqueeze(1))
            .softmax(1)
            .unsqueeze(2);
        return weights.mul(torch.stack([.. structures], 1)).sum(dim: 1L).MoveToOuterDisposeScope();
    }

    private void Add(string name, Tensor values)
    {
        var parameter = Parameter(values);
        register_parameter(name, parameter);
        parameter.DetachFromDisposeScope();
    }
}
