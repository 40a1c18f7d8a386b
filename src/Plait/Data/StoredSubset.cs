using Plait.Tasks;

namespace Plait.Data;

/// <summary>Some tasks and rows of stored data, which are still read when they are asked for.</summary>
/// <param name="whole">The data, which must outlive this.</param>
/// <param name="places">The tasks that remain, by their places in the whole.</param>
/// <param name="rows">The rows that remain: one list where the tasks share them, or one a task; null for all.</param>
internal sealed class StoredSubset(StoredData whole, int[] places, long[][]? rows)
    : StoredData(new TaskSet(places.Select(place => whole.Tasks[place])), whole.SharesInput)
{
    public override IReadOnlyList<long> InputShape => whole.InputShape;

    internal override Lock Reading => whole.Reading;

    internal override Presence PresenceOf(int task, long row) => whole.PresenceOf(places[task], RowInWhole(task, row));

    public override long RowsOf(int task) =>
        rows is null ? whole.RowsOf(places[task]) : rows[SharesInput ? 0 : task].Length;

    public override Tensor ReadInput(int task, long row) => whole.ReadInput(places[task], RowInWhole(task, row));

    public override Tensor ReadTarget(int task, long row) => whole.ReadTarget(places[task], RowInWhole(task, row));

    private long RowInWhole(int task, long row) => rows is null ? row : rows[SharesInput ? 0 : task][row];
}
