using Plait.Data;

namespace Plait.Benchmarks.Episodes;

/// <summary>To move in a direction that is not seen: each step brings a quarter of how far it leads there.</summary>
/// <remarks>
/// As the running in a direction of Finn et al. 2017, <i>Model-Agnostic Meta-Learning</i>, section 5.3, with a point of the plane in place of a body.
/// </remarks>
public sealed class Directions : EpisodicFamily
{
    private const double WorthOfAStep = 0.25;

    /// <inheritdoc/>
    public override string Name => "directions";

    /// <inheritdoc/>
    public override string Summary => "move in a direction that is not seen";

    /// <inheritdoc/>
    public override int Observations => PlaneTasks.Observations;

    /// <inheritdoc/>
    public override int Actions => PlaneTasks.Actions;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Hidden { get; } = ["direction-x", "direction-y"];

    /// <inheritdoc/>
    public override Tensor Draw(Random random, int tasks)
    {
        ArgumentNullException.ThrowIfNull(random);
        return Circle.Draw(random, tasks, nearest: 1, farthest: 1);
    }

    /// <inheritdoc/>
    public override IEpisodicTasks Begin(Tensor hidden, int episodes)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        return new PlaneTasks(
            (int)hidden.size(0),
            episodes,
            (moves, _) => moves.mul(hidden.unsqueeze(1)).sum(dim: 2L).mul(WorthOfAStep)
        );
    }
}
