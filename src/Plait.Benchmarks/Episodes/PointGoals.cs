using Plait.Data;

namespace Plait.Benchmarks.Episodes;

/// <summary>To go to a point of the plane that is not seen: each step costs a quarter of the distance that is left.</summary>
/// <remarks>
/// The goals lie between 1 and 2.5 from the middle, where an episode begins, evenly in direction and distance. The family is the two-dimensional
/// navigation of Finn et al. 2017, <i>Model-Agnostic Meta-Learning</i>, section 5.3, with moves to choose from in place of velocities.
/// </remarks>
public sealed class PointGoals : EpisodicFamily
{
    private const double NearestGoal = 1;
    private const double FarthestGoal = 2.5;
    private const double CostOfDistance = 0.25;

    /// <inheritdoc/>
    public override string Name => "points";

    /// <inheritdoc/>
    public override string Summary => "go to a point of the plane that is not seen";

    /// <inheritdoc/>
    public override int Observations => PlaneTasks.Observations;

    /// <inheritdoc/>
    public override int Actions => PlaneTasks.Actions;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Hidden { get; } = ["goal-x", "goal-y"];

    /// <inheritdoc/>
    public override Tensor Draw(Random random, int tasks)
    {
        ArgumentNullException.ThrowIfNull(random);
        return Circle.Draw(random, tasks, NearestGoal, FarthestGoal);
    }

    /// <inheritdoc/>
    public override IEpisodicTasks Begin(Tensor hidden, int episodes)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        return new PlaneTasks(
            (int)hidden.size(0),
            episodes,
            (_, at) => at.sub(hidden.unsqueeze(1)).square().sum(dim: 2L).sqrt().mul(-CostOfDistance)
        );
    }
}
