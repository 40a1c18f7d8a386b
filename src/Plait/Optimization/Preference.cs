using Plait.Networks;
using Plait.Networks.Conditional;

namespace Plait.Optimization;

/// <summary>
/// How much each task matters to somebody, for methods that can be told: as given, else as the network is being asked, else
/// equal shares.
/// </summary>
internal sealed class Preference
{
    private readonly double[]? values;
    private PreferenceNetwork? asked;

    /// <summary>Takes a preference.</summary>
    /// <param name="values">One number of 0 or more for each task of the set, not all 0; only their ratios count. Null for equal ones.</param>
    /// <exception cref="ArgumentException">A number is negative or not finite, or all are 0.</exception>
    public Preference(double[]? values)
    {
        if (values is not null && (values.Any(value => !double.IsFinite(value) || value < 0) || values.Sum() == 0))
        {
            throw new ArgumentException(
                $"A preference is one number of 0 or more for each task, not all 0; got {string.Join("/", values)}.",
                nameof(values)
            );
        }

        this.values = values;
    }

    /// <summary>Whether somebody gave one.</summary>
    public bool IsGiven => values is not null;

    /// <summary>Whether it is the network's own and changes with each step.</summary>
    public bool IsAsked => asked is not null;

    /// <summary>Starts a run: where nobody gave a preference, that of a network for the whole front counts.</summary>
    /// <exception cref="ArgumentException">A preference of another number of tasks was given.</exception>
    public void Begin(MultiTaskNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        Require(network.Tasks.Count);
        asked = values is null ? network as PreferenceNetwork : null;
    }

    /// <summary>Refuses a preference of another number of tasks.</summary>
    /// <exception cref="ArgumentException">The numbers differ.</exception>
    public void Require(int tasks)
    {
        if (values is not null && values.Length != tasks)
        {
            throw new ArgumentException(
                $"The preference names {values.Length} tasks ({string.Join("/", values)}), but there are {tasks}."
            );
        }
    }

    /// <summary>The shares of some tasks, with sum 1.</summary>
    /// <param name="tasks">The places of the tasks in the set; 0, 1, ... when empty.</param>
    /// <param name="shares">Receives one share a task; equal ones where none of these tasks matters.</param>
    public void Fill(ReadOnlySpan<int> tasks, Span<double> shares)
    {
        var sum = 0.0;
        var now = values ?? asked?.Preference;
        for (var i = 0; i < shares.Length && now is not null; i++)
        {
            shares[i] = now[tasks.IsEmpty ? i : tasks[i]];
            sum += shares[i];
        }

        if (sum == 0)
        {
            shares.Fill(1);
            sum = shares.Length;
        }

        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] /= sum;
        }
    }
}
