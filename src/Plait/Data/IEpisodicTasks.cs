namespace Plait.Data;

/// <summary>Several tasks of one family, each with several episodes that run side by side: what an agent learns by trial.</summary>
public interface IEpisodicTasks
{
    /// <summary>How many tasks.</summary>
    int Tasks { get; }

    /// <summary>Episodes of each task.</summary>
    int Episodes { get; }

    /// <summary>Steps of an episode.</summary>
    int Steps { get; }

    /// <summary>Begins all episodes anew.</summary>
    /// <returns>What is seen, [tasks, episodes, observations].</returns>
    Tensor Reset();

    /// <summary>Takes a step in each episode.</summary>
    /// <param name="actions">One of the actions by number, [tasks, episodes], 64-bit integers.</param>
    /// <returns>What is seen then, [tasks, episodes, observations], and the reward of the step, [tasks, episodes].</returns>
    (Tensor Observations, Tensor Rewards) Step(Tensor actions);
}
