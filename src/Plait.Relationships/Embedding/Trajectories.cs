namespace Plait.Relationships.Embedding;

/// <summary>Episodes of several tasks as they went.</summary>
/// <param name="Observations">What was seen before each step, [tasks, episodes, steps, observations].</param>
/// <param name="Actions">What was done, [tasks, episodes, steps], 64-bit integers.</param>
/// <param name="Rewards">What it brought, [tasks, episodes, steps].</param>
public sealed record Trajectories(Tensor Observations, Tensor Actions, Tensor Rewards)
{
    /// <summary>The sum of each episode's rewards, [tasks, episodes].</summary>
    public Tensor Returns() => Rewards.sum(dim: 2L);

    /// <summary>These episodes and others, of which each task's best by their returns are kept.</summary>
    internal Trajectories Best(Trajectories? others, long count)
    {
        using var scope = torch.NewDisposeScope();
        var all = others is null
            ? this
            : new Trajectories(
                torch.cat([Observations, others.Observations], 1),
                torch.cat([Actions, others.Actions], 1),
                torch.cat([Rewards, others.Rewards], 1)
            );
        var (tasks, episodes) = (all.Actions.size(0), all.Actions.size(1));
        var kept = all.Returns().topk((int)Math.Min(count, episodes), 1).indexes; // [tasks, kept]
        var rows = torch.arange(tasks, device: kept.device).mul(episodes).unsqueeze(1).add(kept).flatten();
        return new Trajectories(Rows(all.Observations), Rows(all.Actions), Rows(all.Rewards));

        Tensor Rows(Tensor values) =>
            values.flatten(0, 1).index_select(0, rows).unflatten(0, [tasks, -1]).MoveToOuterDisposeScope();
    }
}
