using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization.LossWeighting;

/// <summary>One number for each task of a run, which a checkpoint holds.</summary>
/// <param name="name">Its name in checkpoints.</param>
/// <param name="start">What each number is when a run begins.</param>
internal sealed class TaskNumbers(string name, double start = 0)
{
    private double[] values = [];

    /// <summary>The numbers, by the tasks' places in the set.</summary>
    /// <exception cref="InvalidOperationException">No run has begun.</exception>
    public Span<double> Values => values.Length > 0 ? values : throw NotBegun();

    public void Begin(int tasks)
    {
        values = new double[tasks];
        Array.Fill(values, start);
    }

    /// <summary>A copy of the numbers of some tasks.</summary>
    /// <exception cref="InvalidOperationException">The run that has begun, if any, is one of other tasks.</exception>
    public double[] Of(TaskSelection tasks)
    {
        if (values.Length != tasks.Tasks.Count)
        {
            throw NotBegun();
        }

        var chosen = new double[tasks.Count];
        for (var i = 0; i < chosen.Length; i++)
        {
            chosen[i] = values[tasks.Indices[i]];
        }

        return chosen;
    }

    public void Save(StateDictionary state) => state.Set(name, Values);

    /// <exception cref="InvalidDataException">The state is of another number of tasks.</exception>
    public void Load(StateDictionary state)
    {
        var loaded = state.Numbers(name);
        values =
            loaded.Length == Values.Length
                ? loaded
                : throw new InvalidDataException(
                    $"The file holds '{name}' of {loaded.Length} tasks but the run has {values.Length}: it belongs to another recipe."
                );
    }

    private static InvalidOperationException NotBegun() => new("Call Begin with the run's tasks first.");
}
