using CsCheck;
using Plait.Data;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Tests.Data;

[Collection("torch")]
public sealed class TensorBatchesTests
{
    private static readonly Gen<(int Rows, int BatchSize, long? Seed, bool DropLast)> GenSource = Gen.Select(
        Gen.Int[20, 60],
        Gen.Int[1, 20],
        Gen.Long.Nullable(),
        Gen.Bool
    );

    [Fact]
    public void Each_epoch_has_each_row_once()
    {
        GenSource.Sample(
            given =>
            {
                using var data = SmallData.Shared(given.Rows);
                using var source = data.Batches(given.BatchSize, given.Seed, given.DropLast);
                var expected = given.DropLast ? given.Rows / given.BatchSize * given.BatchSize : given.Rows;
                for (var epoch = 0; epoch < 3; epoch++)
                {
                    var rows = Epoch(source, epoch).SelectMany(batch => batch[0]).ToArray();
                    Assert.Equal(expected, rows.Length);
                    Assert.Equal(expected, rows.Distinct().Count());
                }
            },
            iter: 50
        );
    }

    [Fact]
    public void A_batch_is_a_pure_function_of_its_place()
    {
        Gen.Select(GenSource, Gen.Long[0, 30].Array[2, 12])
            .Sample(
                (given, places) =>
                {
                    using var data = SmallData.Shared(given.Rows);
                    using var source = data.Batches(given.BatchSize, given.Seed, given.DropLast);
                    using var other = data.Batches(given.BatchSize, given.Seed, given.DropLast);
                    var forwards = places.Select(place => Read(source, place)).ToArray();
                    var backwards = places.Reverse().Select(place => Read(other, place)).Reverse().ToArray();
                    Assert.Equal(forwards, backwards);
                    Assert.Equal(forwards, places.Select(place => Read(source, place)));
                },
                iter: 50
            );
    }

    [Fact]
    public void Inputs_and_targets_of_a_row_stay_together_and_present_counts_are_right()
    {
        using var data = SmallData.Shared(50);
        using var source = data.Batches(8, shuffleSeed: 1);

        for (var place = 0L; place < 20; place++)
        {
            using var batch = source.Read(source.Tasks.All, [place, place]);
            var rows = SmallData.Numbers(batch.Input);
            var some = batch.TargetOf(0);
            Assert.Equal(rows.Select(row => row + 1000), SmallData.Numbers(batch.TargetOf(1).Values));
            Assert.Equal(rows.Select(row => row % 3 == 1 ? 0f : 1), SmallData.Numbers(some.Present!));
            Assert.Equal(rows.Select(row => row % 3 == 1 ? 0 : row), SmallData.Numbers(some.Values));
            Assert.Equal(rows.Count(row => row % 3 != 1), some.PresentCount);
        }
    }

    [Fact]
    public void Large_rows_are_shuffled_like_small_ones()
    {
        using var scope = torch.NewDisposeScope();
        var rows = torch.arange(20, ScalarType.Float32);
        using var data = TensorData.Shared(
            new TaskSet(LearningTask.Regression("y")),
            rows.unsqueeze(1).expand(20, 40_000),
            [TaskTarget.Of(rows)]
        );
        using var source = data.Batches(6, shuffleSeed: 5);

        for (var place = 0L; place < 8; place++)
        {
            using var batch = source.Read(source.Tasks.All, [place]);
            var expected = batch.TargetOf(0).Values.unsqueeze(1).expand(-1, 40_000);
            Assert.True(batch.Input.eq(expected).all().item<bool>());
        }
    }

    [Fact]
    public void Epochs_and_seeds_differ_in_their_order()
    {
        using var data = SmallData.Shared(50);
        using var source = data.Batches(50, shuffleSeed: 1);
        using var otherSeed = data.Batches(50, shuffleSeed: 2);

        Assert.NotEqual(Read(source, 0)[0], Read(source, 1)[0]);
        Assert.NotEqual(Read(source, 0)[0], Read(otherSeed, 0)[0]);
    }

    [Fact]
    public void Without_a_seed_rows_come_in_order()
    {
        using var data = SmallData.Shared(10);
        using var source = data.Batches(4);

        var rows = Epoch(source, epoch: 2).SelectMany(batch => batch[0]);

        Assert.Equal(Enumerable.Range(0, 10).Select(row => (float)row), rows);
    }

    [Fact]
    public void Tasks_with_own_rows_go_through_them_at_their_own_pace()
    {
        using var data = SmallData.PerTask(10, 31);
        using var source = data.Batches(5, shuffleSeed: 7);

        Assert.Equal(2, source.BatchesOf(0));
        Assert.Equal(7, source.BatchesOf(1));
        using var batch = source.Read(source.Tasks.All, [3, 6]); // second epoch of the first, last batch of the second
        Assert.Equal(5, batch.InputOf(0).shape[0]);
        Assert.Equal(1, batch.InputOf(1).shape[0]);
        using var alone = source.Read(source.Tasks.Select(1), [0, 6]);
        Assert.Equal(SmallData.Numbers(batch.InputOf(1)), SmallData.Numbers(alone.InputOf(1)));
        Assert.Throws<ArgumentException>(() => alone.InputOf(0));
    }

    [Fact]
    public void Two_tasks_of_equal_size_are_not_shuffled_alike()
    {
        using var data = SmallData.PerTask(40, 40);
        using var source = data.Batches(40, shuffleSeed: 7);
        using var batch = source.Read(source.Tasks.All, [0, 0]);

        var first = SmallData.Numbers(batch.InputOf(0));
        var second = SmallData.Numbers(batch.InputOf(1)).Select(number => number - 5000);

        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Disposing_a_batch_leaves_later_batches_and_the_data_whole()
    {
        using var data = SmallData.Shared(10);
        foreach (var seed in new long?[] { null, 3 })
        {
            using var source = data.Batches(4, seed);
            var expected = Read(source, 1);
            source.Read(source.Tasks.All, [1, 1]).Dispose();
            Assert.Equal(expected, Read(source, 1));
        }

        Assert.Equal(45, data.Input.sum().item<float>());
    }

    [Fact]
    public void A_batch_outlives_its_epoch_and_its_source()
    {
        using var data = SmallData.Shared(10);
        var source = data.Batches(5, shuffleSeed: 3);
        using var batch = source.Read(source.Tasks.All, [0, 0]);
        var before = SmallData.Content(batch);

        source.Read(source.Tasks.All, [9, 9]).Dispose();
        source.Dispose();

        Assert.Equal(before, SmallData.Content(batch));
    }

    [Fact]
    public void A_dispose_scope_around_a_read_does_not_kill_the_epoch()
    {
        using var data = SmallData.Shared(10);
        using var source = data.Batches(5, shuffleSeed: 3);
        float[][] inside;
        using (torch.NewDisposeScope())
        {
            inside = SmallData.Content(source.Read(source.Tasks.All, [0, 0]));
        }

        Assert.Equal(inside, Read(source, 0));
    }

    [Fact]
    public void Many_epochs_leave_no_tensors_behind()
    {
        using var data = SmallData.Shared(30);
        using var source = data.Batches(8, shuffleSeed: 3);
        Epoch(source, 0);
        var before = SmallData.CountTensors();

        for (var epoch = 1; epoch < 100; epoch++)
        {
            for (var batch = 0; batch < source.BatchesOf(0); batch++)
            {
                var place = ((long)epoch * source.BatchesOf(0)) + batch;
                source.Read(source.Tasks.All, [place, place]).Dispose();
            }
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Reads_that_make_no_sense_are_refused()
    {
        using var data = SmallData.Shared(10);
        using var source = data.Batches(4);

        Assert.Throws<ArgumentException>(() => source.Read(source.Tasks.All, [0, 1]));
        Assert.Throws<ArgumentException>(() => source.Read(source.Tasks.All, [-1, -1]));
        Assert.Throws<ArgumentException>(() => source.Read(source.Tasks.All, [0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Batches(0));
        var error = Assert.Throws<ArgumentException>(() => data.Batches(11, dropLast: true));
        Assert.Contains("'some' has 10 rows", error.Message, StringComparison.Ordinal);
    }

    private static float[][] Read(MultiTaskDataLoader source, long place)
    {
        using var batch = source.Read(source.Tasks.All, [place, place]);
        return SmallData.Content(batch);
    }

    private static float[][][] Epoch(MultiTaskDataLoader source, int epoch) =>
        [
            .. Enumerable
                .Range(0, source.BatchesOf(0))
                .Select(batch => Read(source, ((long)epoch * source.BatchesOf(0)) + batch)),
        ];
}
