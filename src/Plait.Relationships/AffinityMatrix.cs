using Plait.Numerics;

namespace Plait.Relationships;

/// <summary>How much each task gains from each other one, or resembles it: the row is the task that is affected, the column the one that affects it.</summary>
/// <remarks>Greater is better. The unit is the method's own; what stands on the diagonal is too.</remarks>
public sealed class AffinityMatrix
{
    private readonly double[] values;

    /// <summary>Wraps affinities.</summary>
    /// <param name="tasks">The tasks' names, each once.</param>
    /// <param name="values">Row by row, tasks x tasks, finite off the diagonal.</param>
    /// <exception cref="ArgumentException">A name comes twice, the number of values is another, or one is not finite.</exception>
    public AffinityMatrix(IReadOnlyList<string> tasks, IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(values);
        if (tasks.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Task '{twice.Key}' is named {twice.Count()} times.", nameof(tasks));
        }

        if (values.Count != tasks.Count * tasks.Count)
        {
            throw new ArgumentException(
                $"{tasks.Count} tasks have {tasks.Count * tasks.Count} affinities; got {values.Count}.",
                nameof(values)
            );
        }

        Tasks = [.. tasks];
        this.values = [.. values];
        for (var i = 0; i < this.values.Length; i++)
        {
            var (row, column) = (i / tasks.Count, i % tasks.Count);
            if (row != column && !double.IsFinite(this.values[i]))
            {
                throw new ArgumentException(
                    $"The affinity of '{tasks[row]}' to '{tasks[column]}' is {this.values[i]}; it must be a finite number.",
                    nameof(values)
                );
            }
        }
    }

    /// <summary>The tasks' names, in the order of rows and columns.</summary>
    public IReadOnlyList<string> Tasks { get; }

    /// <summary>How many tasks.</summary>
    public int Count => Tasks.Count;

    /// <summary>All affinities, row by row.</summary>
    public ReadOnlySpan<double> Values => values;

    /// <summary>What the task <paramref name="affected"/> gains from the task <paramref name="by"/>.</summary>
    public double this[int affected, int by] => values[(affected * Count) + by];

    /// <summary>The mean of this matrix and its transpose: an affinity of pairs.</summary>
    public AffinityMatrix Symmetrized()
    {
        var both = new double[values.Length];
        for (var i = 0; i < Count; i++)
        {
            for (var j = 0; j < Count; j++)
            {
                both[(i * Count) + j] = (this[i, j] + this[j, i]) / 2;
            }
        }

        return new AffinityMatrix(Tasks, both);
    }

    /// <summary>Whether three tasks or more have one affinity in all pairs, which tells none of them apart.</summary>
    public bool IsUniform
    {
        get
        {
            for (var i = 2; i < values.Length; i++)
            {
                if (i / Count != i % Count && values[i] != values[1])
                {
                    return false;
                }
            }

            return Count > 2;
        }
    }

    /// <summary>How alike two matrices of the same tasks rank what affects a task: Spearman's correlation of all entries off the diagonal.</summary>
    /// <param name="other">Of the same tasks in the same order.</param>
    /// <returns>From -1 to 1; NaN when all entries of one of them are equal.</returns>
    /// <exception cref="ArgumentException">The tasks are others.</exception>
    public double RankCorrelation(AffinityMatrix other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!Tasks.SequenceEqual(other.Tasks, StringComparer.Ordinal))
        {
            throw new ArgumentException("The matrices are of different tasks.", nameof(other));
        }

        var pairs = Enumerable.Range(0, values.Length).Where(i => i / Count != i % Count).ToArray();
        return Ranks.Spearman(Array.ConvertAll(pairs, i => values[i]), Array.ConvertAll(pairs, i => other.values[i]));
    }
}
