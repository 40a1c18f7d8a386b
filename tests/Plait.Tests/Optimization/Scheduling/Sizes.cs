using Plait.Data;
using Plait.Tasks;

namespace Plait.Tests.Optimization.Scheduling;

/// <summary>Data of given sizes, with as many rows as batches, that nobody reads.</summary>
internal sealed class Sizes(TaskSet tasks, params int[] batches) : BatchSource
{
    public Sizes(params int[] batches)
        : this(StepContexts.Regressions(batches.Length), batches) { }

    public override TaskSet Tasks { get; } = tasks;

    public override bool SharesInput => false;

    public override long RowsOf(int task) => batches[task];

    public override int BatchesOf(int task) => batches[task];

    public override MultiTaskBatch Read(TaskSelection tasks, ReadOnlySpan<long> places) =>
        throw new NotSupportedException("A schedule looks at sizes alone.");
}
