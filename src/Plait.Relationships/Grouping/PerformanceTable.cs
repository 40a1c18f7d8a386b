using System.Numerics;

namespace Plait.Relationships.Grouping;

/// <summary>The losses of networks that each learn some of the tasks: what a choice of networks is made from.</summary>
/// <remarks>Standley et al. 2020, <i>Which Tasks Should Be Learned Together in Multi-task Learning?</i>, section 4.</remarks>
public sealed class PerformanceTable
{
    private const int MostTasks = 64; // a set of tasks is the bits of one word

    private readonly ulong[] members;
    private readonly double[] losses;

    /// <summary>Takes the networks as they are.</summary>
    /// <param name="tasks">All tasks' names, each once, 1 to 64.</param>
    /// <param name="networks">At least one. Sets of tasks may be missing; a set may come at several costs.</param>
    /// <exception cref="ArgumentException">A network has a task that is unknown or named twice, another number of losses than tasks, a loss that is no finite number or a cost of 0 or less, or two networks have the same tasks and cost.</exception>
    public PerformanceTable(IReadOnlyList<string> tasks, IReadOnlyList<CandidateNetwork> networks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(networks);
        RequireNames(tasks);
        Tasks = [.. tasks];
        Networks = [.. networks];
        members = new ulong[networks.Count];
        losses = new double[networks.Count * tasks.Count];
        Array.Fill(losses, double.PositiveInfinity);
        var places = tasks.Select((name, place) => (name, place)).ToDictionary(StringComparer.Ordinal);
        var known = new Dictionary<(ulong, double), int>();
        for (var n = 0; n < networks.Count; n++)
        {
            Add(n, places);
            if (!known.TryAdd((members[n], networks[n].Cost), n))
            {
                throw new ArgumentException(
                    $"Networks {known[(members[n], networks[n].Cost)] + 1} and {n + 1} both learn {networks[n].Title} at the cost {networks[n].Cost:R}; remove one of them.",
                    nameof(networks)
                );
            }
        }
    }

    /// <summary>All tasks' names.</summary>
    public IReadOnlyList<string> Tasks { get; }

    /// <summary>The networks, in the order given.</summary>
    public IReadOnlyList<CandidateNetwork> Networks { get; }

    /// <summary>How many different sets of tasks some network learns.</summary>
    public int DistinctSets => members.Distinct().Count();

    /// <summary>The loss of a task in a network.</summary>
    /// <param name="network">The place in <see cref="Networks"/>.</param>
    /// <param name="task">The place in <see cref="Tasks"/>.</param>
    /// <returns>Infinity where the network does not learn the task.</returns>
    public double this[int network, int task] => losses[(network * Tasks.Count) + task];

    /// <summary>What the networks of a grouping add up to here, where their losses may be others than those it was chosen by.</summary>
    /// <param name="grouping">Each task counts in the network that serves it there.</param>
    /// <returns>NaN where one of its networks is not in this table.</returns>
    public double TotalOf(TaskGrouping grouping)
    {
        ArgumentNullException.ThrowIfNull(grouping);
        var places = Tasks.Select((name, place) => (name, place)).ToDictionary(StringComparer.Ordinal);
        var networks = grouping
            .Groups.Select(group =>
                group.Tasks.All(places.ContainsKey)
                    ? Find(group.Tasks.Aggregate(0ul, (all, name) => all | (1ul << places[name])), group.Cost)
                    : -1
            )
            .ToArray();
        var total = 0.0;
        for (var task = 0; task < Tasks.Count; task++)
        {
            var network = grouping.Serving.TryGetValue(Tasks[task], out var group) ? networks[group] : -1;
            total += network < 0 ? double.NaN : this[network, task];
        }

        return total;
    }

    /// <summary>The tasks of a network: bit t is that of task t.</summary>
    internal ulong Members(int network) => members[network];

    /// <summary>All tasks, as bits.</summary>
    internal ulong Everything => ulong.MaxValue >> (MostTasks - Tasks.Count);

    /// <summary>The place of the network that learns exactly these tasks at this cost, or at the greatest cost where none is given; -1 where there is none.</summary>
    internal int Find(ulong tasks, double? cost = null)
    {
        var found = -1;
        for (var n = 0; n < members.Length; n++)
        {
            var isWanted = cost is { } wanted
                ? Networks[n].Cost == wanted
                : found < 0 || Networks[n].Cost > Networks[found].Cost;
            found = members[n] == tasks && isWanted ? n : found;
        }

        return found;
    }

    private void Add(int place, Dictionary<string, int> places)
    {
        var network = Networks[place];
        if (network.Tasks.Count == 0 || network.Tasks.Count != network.Losses.Count)
        {
            throw new ArgumentException(
                $"Network {place + 1} has {network.Tasks.Count} tasks and {network.Losses.Count} losses; it needs one task at least, and a loss for each."
            );
        }

        if (!double.IsFinite(network.Cost) || network.Cost <= 0)
        {
            throw new ArgumentException(
                $"Network {place + 1} ({network.Title}) costs {network.Cost:R}; a cost is a number above 0."
            );
        }

        for (var i = 0; i < network.Tasks.Count; i++)
        {
            if (!places.TryGetValue(network.Tasks[i], out var task))
            {
                throw new ArgumentException(
                    $"Network {place + 1} learns '{network.Tasks[i]}', which is none of the tasks {string.Join(", ", Tasks)}."
                );
            }

            if (!double.IsFinite(network.Losses[i]))
            {
                throw new ArgumentException(
                    $"The loss of '{network.Tasks[i]}' in network {place + 1} is {network.Losses[i]}; it must be a finite number. Leave out a network that failed."
                );
            }

            members[place] |= 1ul << task;
            losses[(place * Tasks.Count) + task] = network.Losses[i];
        }

        if (BitOperations.PopCount(members[place]) != network.Tasks.Count)
        {
            throw new ArgumentException($"Network {place + 1} ({network.Title}) names a task twice.");
        }
    }

    private static void RequireNames(IReadOnlyList<string> tasks)
    {
        if (tasks.Count is 0 or > MostTasks)
        {
            throw new ArgumentException(
                $"A table of performances is of 1 to {MostTasks} tasks; got {tasks.Count}.",
                nameof(tasks)
            );
        }

        if (tasks.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Task '{twice.Key}' is named {twice.Count()} times.", nameof(tasks));
        }
    }
}
