using Plait.Data;
using Plait.Tasks;

namespace Plait.Tests.Data;

public sealed class RowStreamsTests
{
    private static readonly TaskSet Tasks = MixedRows.Tasks;

    [Fact]
    public void Streams_are_numbered_in_the_order_of_their_first_tasks()
    {
        Assert.Equal("0,0,1,0", Text(new RowStreams(Tasks, [7, 7, 2, 7])));
        Assert.Equal("0,0,0,0", Text(RowStreams.Shared(Tasks)));
        Assert.Equal("0,1,2,3", Text(RowStreams.PerTask(Tasks)));
        Assert.True(RowStreams.Shared(Tasks).AreShared);
        Assert.False(MixedRows.Streams.AreShared);
        Assert.Equal(["sum", "sign", "first"], MixedRows.Streams.TasksOf(0).Select(task => task.Name));
        Assert.Equal(["own"], MixedRows.Streams.TasksOf(1).Select(task => task.Name));
    }

    [Fact]
    public void Each_task_has_one_number()
    {
        var fault = Assert.Throws<ArgumentException>(() => new RowStreams(Tasks, [0, 1]));

        Assert.Contains("4 tasks need as many numbers of streams; got 2", fault.Message, StringComparison.Ordinal);
    }

    private static string Text(RowStreams streams) =>
        string.Join(",", Enumerable.Range(0, streams.Tasks.Count).Select(streams.Of));
}
