using Plait.Data;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Tests.Data;

/// <summary>Data of which some tasks look at the same rows and another at rows of its own.</summary>
[Collection("torch")]
public sealed class MixedRowsTests
{
    private static readonly TaskSet Tasks = MixedRows.Tasks;

    [Fact]
    public void Tasks_of_a_stream_look_at_one_input_and_each_stream_has_batches_of_its_own()
    {
        using var data = MixedRows.Data();
        using var source = data.Batches(16, shuffleSeed: 3);
        using var batch = source.Read(Tasks.All, [1, 1, 0, 1]);

        Assert.Equal("0,1,3|2", Groups(batch));
        Assert.Equal([3, 3, 2, 3], source.Sizes.Batches);
        Assert.Equal([40, 40, 24, 40], source.Sizes.Rows);
        Assert.Equal(64, ((IDataSet)data).RowsInAll);
        Assert.Throws<InvalidOperationException>(() => data.Rows);
    }

    [Fact]
    public void A_stream_of_several_tasks_has_the_batches_that_it_has_alone()
    {
        using var scope = torch.NewDisposeScope();
        using var data = MixedRows.Data();
        using var alone = MixedRows.CommonAlone();
        using var source = data.Batches(16, shuffleSeed: 3);
        using var lone = alone.Batches(16, shuffleSeed: 3);
        for (var place = 0L; place < 7; place++)
        {
            using var batch = source.Read(Tasks.Select(0, 1, 3), [place, place, 0, place]);
            using var expected = lone.Read(alone.Tasks.All, [place, place, place]);

            Assert.Equal(SmallData.Content(expected), SmallData.Content(batch));
        }
    }

    [Fact]
    public void A_stream_of_one_task_has_the_batches_of_rows_of_its_own()
    {
        using var scope = torch.NewDisposeScope();
        using var data = MixedRows.Data();
        using var apart = TensorData.PerTask(
            new TaskSet(Tasks[0], Tasks[2]),
            [data.InputOf(0), data.InputOf(2)],
            [data.TargetOf(0), data.TargetOf(2)]
        );
        using var source = data.Batches(5, shuffleSeed: 3);
        using var lone = apart.Batches(5, shuffleSeed: 3);
        for (var place = 0L; place < 7; place++)
        {
            using var batch = source.Read(Tasks.Select(2), [0, 0, place, 0]);
            using var expected = lone.Read(apart.Tasks.Select(1), [0, place]);

            Assert.Equal(SmallData.Content(expected), SmallData.Content(batch));
        }
    }

    [Fact]
    public void Tasks_of_a_stream_that_are_at_different_places_are_refused()
    {
        using var data = MixedRows.Data();
        using var source = data.Batches(8);

        var fault = Assert.Throws<ArgumentException>(() => source.Read(Tasks.All, [1, 1, 0, 2]));

        Assert.Contains("'first' is at place 2", fault.Message, StringComparison.Ordinal);
        Assert.Contains("'sum' is at 1", fault.Message, StringComparison.Ordinal);
        source.Read(Tasks.Select(2, 3), [1, 1, 0, 2]).Dispose();
    }

    [Fact]
    public void Fewer_tasks_and_rows_keep_who_looks_at_what()
    {
        using var data = MixedRows.Data();
        using var two = data.SelectTasks(["own", "first"]);
        using var labelled = data.SelectTasks(["sum", "sign", "own"], dropUnlabelled: true);
        using var some = data.Subset([
            [3L, 0L, 3L],
            [5L],
        ]);
        using var few = data.Take(30);

        Assert.Equal(2, two.Streams.Count);
        Assert.Equal([24L, 40], [two.RowsOf(0), two.RowsOf(1)]);
        Assert.Equal([35L, 35, 24], [labelled.RowsOf(0), labelled.RowsOf(1), labelled.RowsOf(2)]);
        Assert.Same(labelled.BatchInputOf(0), labelled.BatchInputOf(1));
        Assert.Equal([3L, 3, 1, 3], Enumerable.Range(0, 4).Select(some.RowsOf));
        Assert.Equal(SmallData.Numbers(data.InputOf(2)[5]), SmallData.Numbers(some.InputOf(2)));
        Assert.Equal(1, some.TargetOf(0).PresentCount);
        Assert.Equal([30L, 30, 24, 30], Enumerable.Range(0, 4).Select(few.RowsOf));
        Assert.Throws<InvalidOperationException>(() => data.Subset([1L]));
        var fault = Assert.Throws<ArgumentException>(() =>
            data.Subset([
                [0L],
                [0L],
                [0L],
                [0L],
            ])
        );
        Assert.Contains("2 streams, which need as many lists of rows; got 4", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(3L, true)]
    public void Rows_that_are_read_one_by_one_make_the_same_batches(long? seed, bool dropLast)
    {
        using var memory = MixedRows.Data();
        using var stored = MixedRows.Stored();
        using var again = stored.ToMemory();

        AssertSame(memory, stored);
        AssertSame(memory, again);
        foreach (var names in new string[][] { ["own", "first"], ["sum", "sign"], ["sum", "own"] })
        {
            AssertSame(
                memory.SelectTasks(names, dropUnlabelled: true),
                stored.SelectTasks(names, dropUnlabelled: true)
            );
            AssertSame(memory.SelectTasks(names).Take(20), stored.SelectTasks(names).Take(20));
        }

        void AssertSame(IDataSet expected, IDataSet actual)
        {
            using var one = expected.Batches(7, seed, dropLast);
            using var other = actual.Batches(7, seed, dropLast);
            Assert.Equal(expected.InputSpec, actual.InputSpec);
            for (var place = 0L; place < 5; place++)
            {
                using var scope = torch.NewDisposeScope();
                long[] places =
                [
                    .. Enumerable.Range(0, expected.Tasks.Count).Select(task => place + expected.Streams.Of(task)),
                ];
                var (batch, same) = (one.Read(expected.Tasks.All, places), other.Read(actual.Tasks.All, places));
                Assert.Equal(SmallData.Content(batch), SmallData.Content(same));
                Assert.Equal(Groups(batch), Groups(same));
            }
        }
    }

    [Fact]
    public void What_is_read_ahead_is_the_same()
    {
        using var data = MixedRows.Data();
        using var source = data.Batches(8, shuffleSeed: 3);
        using var ahead = new Prefetching(data.Batches(8, shuffleSeed: 3));
        for (var place = 0L; place < 4; place++)
        {
            using var expected = source.Read(Tasks.All, [place, place, place + 1, place]);
            using var batch = ahead.Read(Tasks.All, [place, place, place + 1, place]);

            Assert.Equal(SmallData.Content(expected), SmallData.Content(batch));
            Assert.Equal("0,1,3|2", Groups(batch));
        }
    }

    [Fact]
    public void Each_stream_of_different_lengths_comes_in_batches_of_like_length()
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(SmallTexts.Tasks[0], SmallTexts.Tasks[1], LearningTask.Regression("other"));
        var (common, share, seven) = SmallTexts.Draw(200, 0, 0, seed: 0);
        var (own, other, _) = SmallTexts.Draw(120, 0, 0, seed: 1);
        using var data = TensorData.PerTask(
            tasks,
            [common, common, own],
            [TaskTarget.Of(share), TaskTarget.Of(seven), TaskTarget.Of(other)]
        );
        using var source = data.Batches(4, shuffleSeed: 1);

        foreach (var task in new[] { 0, 2 })
        {
            var spreads = Enumerable
                .Range(0, source.BatchesOf(task))
                .Select(place =>
                {
                    using var batch = source.Read(tasks.Select(task), [place, place, place]);
                    var lengths = batch.BatchInputOf(task).Lengths!;
                    return (lengths.max() - lengths.min()).item<long>();
                });
            Assert.InRange(spreads.Average(), 0, 1); // by chance it is 6
        }
    }

    [Fact]
    public void Reading_leaves_no_tensor_behind()
    {
        using var data = MixedRows.Data();
        using var stored = MixedRows.Stored();
        using var source = data.Batches(8, shuffleSeed: 1);
        using var slow = stored.Batches(8, shuffleSeed: 1);
        source.Read(Tasks.All, new long[4]).Dispose(); // puts the epoch in order
        slow.Read(Tasks.All, new long[4]).Dispose();
        var before = SmallData.CountTensors();

        for (var place = 0L; place < 3; place++)
        {
            source.Read(Tasks.All, [place, place, place, place]).Dispose();
            slow.Read(Tasks.All, [place, place, place, place]).Dispose();
        }

        Assert.Equal(before, SmallData.CountTensors());
    }

    private static string Groups(MultiTaskBatch batch) =>
        string.Join("|", batch.Groups.Select(group => string.Join(",", group.Tasks.Indices.ToArray())));
}
