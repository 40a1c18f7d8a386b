namespace Plait.Data;

/// <summary>Some tasks and rows of stored data, which are still read when they are asked for.</summary>
/// <param name="whole">The data, which must outlive this.</param>
/// <param name="streams">The tasks that remain, and which of them look at the same rows.</param>
/// <param name="places">The tasks that remain, by their places in the whole.</param>
/// <param name="rows">For each stream the rows that remain; null for all.</param>
internal sealed class StoredSubset(StoredData whole, RowStreams streams, int[] places, long[][]? rows)
    : StoredData(streams)
{
    internal override Lock Reading => whole.Reading;

    internal override Presence PresenceOf(int task, long row) => whole.PresenceOf(places[task], RowInWhole(task, row));

    internal override long? KnownLengthOf(int task, long row) =>
        whole.KnownLengthOf(places[task], RowInWhole(task, row));

    public override InputSpec InputSpecOf(int task) => whole.InputSpecOf(places[task]);

    public override long RowsOf(int task) => rows is null ? whole.RowsOf(places[task]) : rows[Streams.Of(task)].Length;

    public override BatchInput ReadInput(int task, long row) => whole.ReadInput(places[task], RowInWhole(task, row));

    public override Tensor ReadTarget(int task, long row) => whole.ReadTarget(places[task], RowInWhole(task, row));

    public override long? LengthOf(int task, long row) => whole.LengthOf(places[task], RowInWhole(task, row));

    private long RowInWhole(int task, long row) => rows is null ? row : rows[Streams.Of(task)][row];
}
