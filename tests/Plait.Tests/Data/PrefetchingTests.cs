using CsCheck;
using Plait.Data;
using Plait.Tasks;

namespace Plait.Tests.Data;

[Collection("torch")]
public sealed class PrefetchingTests
{
    [Fact]
    public void Batches_are_those_of_the_plain_source_whatever_is_asked_for()
    {
        Gen.Select(Gen.Long[0, 12], Gen.Long[0, 12], Gen.Int[1, 3])
            .Array[1, 20]
            .Sample(
                requests =>
                {
                    using var data = SmallData.PerTask(17, 23);
                    using var plain = data.Batches(5, shuffleSeed: 2);
                    using var prefetching = new Prefetching(data.Batches(5, shuffleSeed: 2));
                    foreach (var (first, second, chosen) in requests)
                    {
                        var tasks = plain.Tasks.All.Where(task => (chosen & (1 << task)) != 0);
                        for (var step = 0; step < 3; step++)
                        {
                            Assert.Equal(
                                Read(plain, tasks, first + step, second + step),
                                Read(prefetching, tasks, first + step, second + step)
                            );
                        }
                    }
                },
                iter: 30
            );
    }

    [Fact]
    public void The_next_batch_is_read_in_the_background_and_only_once()
    {
        using var data = SmallData.Shared(20);
        using var watched = new Watched(data.Batches(4));
        using var prefetching = new Prefetching(watched);

        for (var place = 0; place < 5; place++)
        {
            prefetching.Read(prefetching.Tasks.All, [place, place]).Dispose();
            Assert.True(SpinWait.SpinUntil(() => watched.Reads.Count == place + 2, TimeSpan.FromSeconds(30)));
        }

        Assert.Equal([0, 1, 2, 3, 4, 5], watched.Reads.Select(read => read.Place));
        Assert.Equal(
            [false, true, true, true, true, true],
            watched.Reads.Select(read => read.Thread != Environment.CurrentManagedThreadId)
        );
    }

    [Fact]
    public void Left_over_batches_are_disposed()
    {
        using var data = SmallData.Shared(20);
        using var source = data.Batches(4);
        var before = SmallData.CountTensors();

        using (var prefetching = new Prefetching(source))
        {
            foreach (var place in new long[] { 0, 7, 1, 2, 9 })
            {
                prefetching.Read(prefetching.Tasks.All, [place, place]).Dispose();
            }
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void An_error_in_the_background_comes_out_when_its_batch_is_asked_for()
    {
        using var data = SmallData.Shared(20);
        using var prefetching = new Prefetching(new Watched(data.Batches(4)) { Broken = 1 });
        prefetching.Read(prefetching.Tasks.All, [0, 0]).Dispose();

        var error = Assert.Throws<IOException>(() => prefetching.Read(prefetching.Tasks.All, [1, 1]));

        Assert.Equal("place 1 is broken", error.Message);
        prefetching.Read(prefetching.Tasks.All, [2, 2]).Dispose();
    }

    [Fact]
    public void An_error_of_a_batch_that_nobody_asks_for_harms_nobody()
    {
        using var data = SmallData.Shared(20);
        using var prefetching = new Prefetching(new Watched(data.Batches(4)) { Broken = 1 });
        prefetching.Read(prefetching.Tasks.All, [0, 0]).Dispose();

        using var batch = prefetching.Read(prefetching.Tasks.All, [3, 3]);

        Assert.Equal([12, 13, 14, 15], SmallData.Numbers(batch.Input));
    }

    [Fact]
    public void Batches_can_be_moved_to_a_device_on_the_way()
    {
        using var data = SmallData.Shared(20);
        using var prefetching = new Prefetching(data.Batches(4), torch.device("meta"));

        for (var place = 0L; place < 2; place++)
        {
            using var batch = prefetching.Read(prefetching.Tasks.All, [place, place]);
            Assert.Equal(DeviceType.META, batch.Input.device_type);
        }
    }

    private static float[][] Read(MultiTaskDataLoader source, TaskSelection tasks, params ReadOnlySpan<long> places)
    {
        using var batch = source.Read(tasks, places);
        return SmallData.Content(batch);
    }

    /// <summary>Notes who reads what, and fails at one place if told to.</summary>
    private sealed class Watched(MultiTaskDataLoader source) : MultiTaskDataLoader
    {
        private readonly List<(long Place, int Thread)> reads = [];

        public long? Broken { get; init; }

        public IReadOnlyList<(long Place, int Thread)> Reads
        {
            get
            {
                lock (reads)
                {
                    return [.. reads];
                }
            }
        }

        public override RowStreams Streams => source.Streams;

        public override long RowsOf(int task) => source.RowsOf(task);

        public override int BatchesOf(int task) => source.BatchesOf(task);

        public override MultiTaskBatch Read(TaskSelection tasks, ReadOnlySpan<long> places)
        {
            lock (reads)
            {
                reads.Add((places[0], Environment.CurrentManagedThreadId));
            }

            return places[0] == Broken
                ? throw new IOException($"place {Broken} is broken")
                : source.Read(tasks, places);
        }

        protected override void Dispose(bool disposing)
        {
            source.Dispose();
            base.Dispose(disposing);
        }
    }
}
