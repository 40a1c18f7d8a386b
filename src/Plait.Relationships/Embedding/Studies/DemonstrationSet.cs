using Plait.Relationships.Tables;

namespace Plait.Relationships.Embedding.Studies;

/// <summary>Demonstrations of some tasks as tensors, of which episodes are drawn.</summary>
internal sealed class DemonstrationSet : IDisposable
{
    private readonly int[] starts;
    private readonly int[] counts;

    private DemonstrationSet(Tensor observations, Tensor actions, int[] counts)
    {
        (Observations, Actions, this.counts) = (observations, actions, counts);
        starts = new int[counts.Length];
        for (var task = 1; task < counts.Length; task++)
        {
            starts[task] = starts[task - 1] + counts[task - 1];
        }
    }

    /// <summary>What is seen, [demonstrations, steps, observations], task after task.</summary>
    public Tensor Observations { get; }

    /// <summary>What is done, [demonstrations, steps, actions].</summary>
    public Tensor Actions { get; }

    /// <summary>How many tasks.</summary>
    public int Tasks => counts.Length;

    /// <summary>Tasks of a table in double precision, in the table's units.</summary>
    /// <param name="table">The table.</param>
    /// <param name="tasks">Which of its tasks.</param>
    public static DemonstrationSet Of(DemonstrationTable table, IReadOnlyList<int> tasks)
    {
        using var scope = torch.NewDisposeScope();
        var demonstrations = tasks.SelectMany(task => table.Tasks[task].Demonstrations).ToArray();
        var (seen, done) = (table.Observations.Count, table.Actions.Count);
        var numbers = torch
            .tensor(demonstrations.SelectMany(one => one).ToArray())
            .view(demonstrations.Length, table.Steps, seen + done);
        return new DemonstrationSet(
            numbers.narrow(2, 0, seen).contiguous().DetachFromDisposeScope(),
            numbers.narrow(2, seen, done).contiguous().DetachFromDisposeScope(),
            [.. tasks.Select(task => table.Tasks[task].Demonstrations.Count)]
        );
    }

    /// <summary>The same demonstrations as a network reads them.</summary>
    public DemonstrationSet Scaled(ImitationModel model) =>
        new(
            model.ScaleObservations(Observations).DetachFromDisposeScope(),
            model.ScaleActions(Actions).DetachFromDisposeScope(),
            counts
        );

    /// <summary>Draws tasks, and of each demonstrations to know it by and others to be judged by.</summary>
    /// <param name="random">Decides.</param>
    /// <param name="tasks">How many tasks, as many as there are at most.</param>
    /// <param name="support">Demonstrations that a task is known by.</param>
    /// <param name="queries">Others.</param>
    public TaskDemonstrations Draw(Random random, int tasks, int support, int queries)
    {
        var all = Enumerable.Range(0, Tasks).ToArray();
        random.Shuffle(all);
        var drawn = all.Take(tasks).Select(task => Shuffled(random, task)).ToArray();
        var known = Rows([.. drawn.Select(rows => rows[..support])]);
        var others = Rows([.. drawn.Select(rows => rows[support..(support + queries)])]);
        return new TaskDemonstrations(known.Observations, known.Actions, others.Observations, others.Actions);
    }

    /// <summary>A task's demonstrations in an order drawn by chance.</summary>
    public long[] Shuffled(Random random, int task)
    {
        var rows = Enumerable.Range(starts[task], counts[task]).Select(row => (long)row).ToArray();
        random.Shuffle(rows);
        return rows;
    }

    /// <summary>Demonstrations of several tasks, as many of each.</summary>
    /// <param name="rows">For each task which demonstrations.</param>
    /// <returns>[tasks, demonstrations, steps, numbers].</returns>
    public (Tensor Observations, Tensor Actions) Rows(IReadOnlyList<long[]> rows)
    {
        using var scope = torch.NewDisposeScope();
        var places = torch.tensor(rows.SelectMany(row => row).ToArray());
        return (
            Observations.index_select(0, places).unflatten(0, [rows.Count, -1]).MoveToOuterDisposeScope(),
            Actions.index_select(0, places).unflatten(0, [rows.Count, -1]).MoveToOuterDisposeScope()
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Observations.Dispose();
        Actions.Dispose();
    }
}
