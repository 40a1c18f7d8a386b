using Plait.Data;

namespace Plait.Benchmarks.Episodes;

/// <summary>A point in the plane that stays, or moves by one along an axis, at each step, and that begins in the middle.</summary>
/// <param name="tasks">How many tasks.</param>
/// <param name="episodes">Episodes of each.</param>
/// <param name="reward">From the moves of a step, and where they led, both [tasks, episodes, 2], to what they bring, [tasks, episodes].</param>
internal sealed class PlaneTasks(int tasks, int episodes, Func<Tensor, Tensor, Tensor> reward) : IEpisodicTasks
{
    /// <summary>What is seen: the place.</summary>
    public const int Observations = 2;

    /// <summary>To stay, or to move in one of four directions.</summary>
    public const int Actions = 5;

    private static readonly float[] Moves = [0, 0, 1, 0, -1, 0, 0, 1, 0, -1];

    private Tensor at = null!; // an episode begins with Reset

    /// <inheritdoc/>
    public int Tasks => tasks;

    /// <inheritdoc/>
    public int Episodes => episodes;

    /// <inheritdoc/>
    public int Steps => 8;

    /// <inheritdoc/>
    public Tensor Reset() => at = torch.zeros(tasks, episodes, Observations);

    /// <inheritdoc/>
    public (Tensor Observations, Tensor Rewards) Step(Tensor actions)
    {
        ArgumentNullException.ThrowIfNull(actions);
        var moves = torch
            .tensor(Moves)
            .view(Actions, Observations)
            .index_select(0, actions.flatten())
            .view(tasks, episodes, Observations);
        at = at.add(moves);
        return (at, reward(moves, at));
    }
}
