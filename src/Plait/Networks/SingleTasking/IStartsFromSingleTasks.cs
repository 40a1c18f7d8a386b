namespace Plait.Networks.SingleTasking;

/// <summary>A network that can start from networks that were trained for one task each.</summary>
public interface IStartsFromSingleTasks
{
    /// <summary>Whether it was built to start so, and has not been given them yet.</summary>
    bool AwaitsSingleTasks { get; }

    /// <summary>Takes over what trained networks have learned.</summary>
    /// <param name="trained">For each task one network, of this network's encoder and heads, that has it; they stay the caller's.</param>
    /// <exception cref="ArgumentException">A task has none, or one is of another make.</exception>
    void StartFrom(IReadOnlyList<SingleTask> trained);
}
