using Plait.Data;

namespace Plait.Relationships.Tests.Embedding;

/// <summary>A grid of 5 x 5 with a goal that is not seen: the reward of a step is how far the goal is, with the sign turned round.</summary>
internal sealed class GoalGrid(Tensor goals, int episodes) : IEpisodicTasks
{
    private static readonly float[,] Moves = new float[,]
    {
        { 0, 0 },
        { 1, 0 },
        { -1, 0 },
        { 0, 1 },
        { 0, -1 },
    };
    private Tensor at = torch.zeros(0);

    public int Tasks => (int)goals.size(0);

    public int Episodes => episodes;

    public int Steps => 8;

    public Tensor Reset()
    {
        at = torch.zeros(Tasks, episodes, 2);
        return at;
    }

    public (Tensor Observations, Tensor Rewards) Step(Tensor actions)
    {
        var moves = torch.tensor(Moves).index_select(0, actions.flatten()).view(Tasks, episodes, 2);
        at = (at + moves).clamp(-2, 2);
        return (at, (at - goals.unsqueeze(1)).abs().sum(dim: 2L).div(-4));
    }
}
