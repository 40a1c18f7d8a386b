using Plait.Data;
using Plait.Tasks;

namespace Plait.Tests.Optimization.Scheduling;

/// <summary>Data of given sizes, with as many rows as batches, that nobody reads.</summary>
internal sealed class Sizes(TaskSet tasks, params int[] batches) : MultiTaskDataLoader
{
    public Sizes(params int[] batches)
        : this(StepContexts.Regressions(batches.Length), batches) { }

    public override RowStreams Streams { get; } = RowStreams.PerTask(tasks);

    public override long RowsOf(int task) => batches[task];

    public override int BatchesOf(int task) => batches[task];

    public override MultiTaskBatch Read(TaskSelection tasks, ReadOnlySpan<long> places) =>
        throw new NotSupportedException("A schedule looks at sizes alone.");
}
