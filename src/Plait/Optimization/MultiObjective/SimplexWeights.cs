using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization.MultiObjective;

/// <summary>One weight a task, of 0 and more with sum 1, that a method moves from step to step; equal at the start.</summary>
/// <remarks>A step of some tasks sees and moves their shares among themselves; what they have together stays.</remarks>
internal sealed class SimplexWeights
{
    private double[] values = []; // by the tasks' places in the set

    /// <summary>Starts a run.</summary>
    public void Begin(int tasks)
    {
        values = new double[tasks];
        Array.Fill(values, 1.0 / tasks);
    }

    /// <summary>The shares of some tasks, with sum 1; equal ones where they have nothing together.</summary>
    public double[] Take(TaskSelection tasks)
    {
        if (values.Length != tasks.Tasks.Count)
        {
            Begin(tasks.Tasks.Count);
        }

        double[] shares = [.. tasks.Indices.ToArray().Select(task => values[task])];
        var together = shares.Sum();
        return [.. shares.Select(share => together > 0 ? share / together : 1.0 / shares.Length)];
    }

    /// <summary>Keeps shares that were taken and moved.</summary>
    public void Put(TaskSelection tasks, ReadOnlySpan<double> shares)
    {
        var together = 0.0;
        foreach (var task in tasks.Indices)
        {
            together += values[task];
        }

        for (var i = 0; i < shares.Length; i++)
        {
            values[tasks.Indices[i]] = tasks.Count == values.Length ? shares[i] : shares[i] * together;
        }
    }

    /// <summary>Keeps the weights in a checkpoint.</summary>
    public void Save(StateDictionary state) => state.Set("weights", values);

    /// <summary>Takes the weights from a checkpoint.</summary>
    public void Load(StateDictionary state) => values = state.Numbers("weights");
}
