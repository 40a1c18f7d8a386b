using Plait.Data;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Tests.Data;

public sealed class StoredDataTests
{
    private static readonly TaskSet Tasks = new(
        LearningTask.Classification("kind", 3),
        LearningTask.Regression("size", 2)
    );

    [Theory]
    [InlineData(true, null, false)]
    [InlineData(true, 7L, false)]
    [InlineData(true, 7L, true)]
    [InlineData(false, null, true)]
    [InlineData(false, 3L, false)]
    public void Its_batches_are_those_of_the_same_rows_in_memory(bool shares, long? seed, bool dropLast)
    {
        using var stored = new NumberedRows(shares ? [11, 11] : [11, 8]);
        using var memory = stored.ToMemory();

        AssertSameBatches(memory, stored, seed, dropLast);
    }

    [Theory]
    [InlineData(11, 11, (11 * 8) + (11 * 8) + (11 * 8))] // a class is an Int64; two sizes and two numbers of a row are Float32
    [InlineData(11, 8, (11 * 8) + (8 * 8) + (11 * 8) + (8 * 8))]
    [InlineData(11, 0, (11 * 8) + (11 * 8))]
    public void It_tells_what_it_would_take_in_memory(long kinds, long sizes, long bytes)
    {
        using var stored = new NumberedRows([kinds, sizes]);

        Assert.Equal(bytes, stored.BytesInMemory());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Some_of_its_tasks_and_rows_are_those_of_the_same_rows_in_memory(bool shares)
    {
        using var stored = new NumberedRows(shares ? [11, 11] : [11, 8]);
        using var memory = stored.ToMemory();

        foreach (var names in new string[][] { ["kind"], ["size"], ["size", "kind"] })
        {
            foreach (var drop in new[] { false, true })
            {
                AssertSameBatches(memory.SelectTasks(names, drop), stored.SelectTasks(names, drop), 3, false);
                AssertSameBatches(
                    memory.SelectTasks(names, drop).Take(4),
                    stored.SelectTasks(names, drop).Take(4),
                    3,
                    false
                );
            }
        }

        AssertSameBatches(memory.Take(100), stored.Take(100), null, false);
        Assert.Equal(8, stored.SelectTasks(["kind"], dropUnlabelled: true).RowsOf(0));
        Assert.Throws<KeyNotFoundException>(() => stored.SelectTasks(["colour"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => stored.Take(0));
    }

    [Fact]
    public void Only_the_rows_and_targets_of_a_batch_are_read_once_a_missing_target_was_looked_for()
    {
        var stored = new NumberedRows([11, 11]);
        using var source = stored.Batches(4);
        string[] batch =
        [
            "input 4",
            "input 5",
            "input 6",
            "input 7",
            "target 0 4",
            "target 0 5",
            "target 0 6",
            "target 0 7",
        ];

        source.Read(Tasks.Select(0), [1, 1]).Dispose();
        Assert.Equal(batch, stored.Log);
        source.Read(Tasks.Select(1), [1, 1]).Dispose();
        source.Read(Tasks.Select(1), [0, 0]).Dispose();
        Assert.Equal(["target 1 0", "target 1 1", "target 1 2", "target 1 3", "target 1 4"], stored.Log[^5..]);
        stored.Log.Clear();
        source.Read(Tasks.Select(1), [0, 0]).Dispose();
        Assert.Equal(8, stored.Log.Count);
    }

    [Fact]
    public void The_first_rows_alone_can_be_read_into_memory()
    {
        using var some = new NumberedRows([11, 11]).ToMemory(rows: 4);

        Assert.Equal(4, some.Rows);
        Assert.Equal([0, 1, 2, 3], some.Input.select(1, 0).data<float>().ToArray());
    }

    [Fact]
    public void Places_are_checked_as_those_of_data_in_memory()
    {
        using var source = new NumberedRows([11, 11]).Batches(4);

        Assert.Throws<ArgumentException>(() => source.Read(Tasks.All, [0, 1]));
        Assert.Throws<ArgumentException>(() => source.Read(Tasks.All, [-1, -1]));
        Assert.Throws<ArgumentException>(() => new NumberedRows([3, 3]).Batches(4, dropLast: true));
    }

    private static void AssertSameBatches(IDataSet memory, IDataSet stored, long? seed, bool dropLast)
    {
        using var lazily = stored.Batches(3, seed, dropLast);
        using var eagerly = memory.Batches(3, seed, dropLast);
        var last = memory.Tasks.Count - 1;

        Assert.Equal(memory.Tasks.Select(task => task.Name), stored.Tasks.Select(task => task.Name));
        Assert.Equal(memory.InputSpec, stored.InputSpec);
        Assert.Equal(eagerly.BatchesOf(last), lazily.BatchesOf(last));
        Assert.Equal(eagerly.RowsOf(last), lazily.RowsOf(last));
        foreach (var place in new long[] { 0, 3, 2, 1, 9, 4, 4 })
        {
            long[] places = [.. memory.Tasks.Select((_, task) => place + memory.Streams.Of(task))];
            using var one = lazily.Read(stored.Tasks.All, places);
            using var other = eagerly.Read(memory.Tasks.All, places);
            for (var task = 0; task < places.Length; task++)
            {
                AssertSame(other.InputOf(task), one.InputOf(task));
                AssertSame(other.TargetOf(task).Values, one.TargetOf(task).Values);
                Assert.Equal(other.TargetOf(task).PresentCount, one.TargetOf(task).PresentCount);
                Assert.Equal(other.TargetOf(task).Present is null, one.TargetOf(task).Present is null);
                if (one.TargetOf(task).Present is { } marks)
                {
                    AssertSame(other.TargetOf(task).Present!, marks);
                }
            }
        }
    }

    private static void AssertSame(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.True(expected.eq(actual).all().item<bool>());
    }

    /// <summary>Rows that hold their numbers; the kind is missing in every third, and one of two sizes in every fifth.</summary>
    private sealed class NumberedRows(long[] rows)
        : StoredData(new(StoredDataTests.Tasks, rows[0] == rows[1] ? [0, 0] : [0, 1]))
    {
        public List<string> Log { get; } = [];

        public override InputSpec InputSpecOf(int task) => new VectorInput(2);

        public override long RowsOf(int task) => rows[task];

        public override BatchInput ReadInput(int task, long row)
        {
            Log.Add($"input {row}");
            return torch.tensor(
                new float[,]
                {
                    { row, -row },
                }
            );
        }

        public override Tensor ReadTarget(int task, long row)
        {
            Log.Add($"target {task} {row}");
            return task == 0
                ? torch.tensor(row % 3 == 2 ? -1L : row % 3)
                : torch.tensor(new[] { row, row % 5 == 4 ? float.NaN : row * 2f });
        }
    }
}
