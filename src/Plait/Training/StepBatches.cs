using Plait.Data;
using Plait.Tasks;

namespace Plait.Training;

/// <summary>The batches of one step, and where to find others like them.</summary>
internal sealed class StepBatches : IDisposable
{
    private readonly MultiTaskDataLoader source;
    private readonly TaskSelection tasks;
    private readonly long[] places;
    private readonly int count;
    private readonly Device device;
    private readonly ScalarType floats;
    private readonly List<MultiTaskBatch> read = [];

    private StepBatches(
        MultiTaskDataLoader source,
        TaskSelection tasks,
        long[] places,
        int count,
        Device device,
        ScalarType floats
    )
    {
        this.source = source;
        this.tasks = tasks;
        this.places = places;
        this.count = count;
        this.device = device;
        this.floats = floats;
    }

    /// <summary>The batches of the step, on the device; none where no task has a target in any of them.</summary>
    public IReadOnlyList<MultiTaskBatch> Labelled { get; private set; } = [];

    /// <summary>Reads the next batches of some tasks.</summary>
    /// <param name="source">The training data.</param>
    /// <param name="tasks">The tasks of the step.</param>
    /// <param name="places">Where each task stands in its stream; moved on.</param>
    /// <param name="count">How many batches.</param>
    /// <param name="device">Where they are wanted.</param>
    /// <param name="floats">The precision in which they are wanted.</param>
    public static StepBatches Read(
        MultiTaskDataLoader source,
        TaskSelection tasks,
        long[] places,
        int count,
        Device device,
        ScalarType floats = ScalarType.Float32
    )
    {
        var batches = new StepBatches(source, tasks, (long[])places.Clone(), count, device, floats);
        var step = new List<MultiTaskBatch>();
        for (var i = 0; i < count; i++)
        {
            step.Add(batches.Keep(source.Read(tasks, places)));
            Advance(source, tasks, places);
        }

        batches.Labelled = step.Exists(batch => batch.LabelledTasks.Count > 0) ? step : [];
        return batches;
    }

    /// <summary>As many other batches of the same epoch, drawn by chance; disposed with the step's.</summary>
    /// <remarks>
    /// They are none of the step's own, and different ones for each number, as long as the epoch has so many. Where it has not, they
    /// come again; where the step takes the whole epoch, they are its own.
    /// </remarks>
    /// <param name="number">Tells several draws of one step apart, from 0.</param>
    /// <param name="context">Where the run stands.</param>
    public IReadOnlyList<MultiTaskBatch> Others(int number, StepContext context)
    {
        var drawn = new long[count][];
        for (var i = 0; i < count; i++)
        {
            drawn[i] = (long[])places.Clone();
        }

        for (var task = 0; task < places.Length; task++)
        {
            var batches = source.BatchesOf(task);
            var stream = source.Streams.Of(task);
            var others = Order(batches, context.Random(ChanceStreams.AnotherBatch + stream));
            var start = places[task] - (places[task] % batches);
            for (var i = 0; i < count; i++)
            {
                var away = others[((number * count) + i) % others.Length];
                drawn[i][task] = start + ((places[task] + away) % batches);
            }
        }

        return [.. drawn.Select(place => Keep(source.Read(tasks, place)))];
    }

    public void Dispose() => read.ForEach(batch => batch.Dispose());

    /// <summary>The batches of an epoch by how far they are behind the step's first, in an order drawn by chance: without the step's, if others are left.</summary>
    private int[] Order(int batches, Random random)
    {
        var first = batches > count ? count : 0;
        int[] away = [.. Enumerable.Range(first, batches - first)];
        random.Shuffle(away);
        return away;
    }

    private MultiTaskBatch Keep(MultiTaskBatch batch)
    {
        read.Add(batch);
        return batch.To(device, floats);
    }

    private static void Advance(MultiTaskDataLoader source, TaskSelection tasks, long[] places)
    {
        foreach (var stream in tasks.Indices.ToArray().Select(source.Streams.Of).Distinct())
        {
            foreach (var task in source.Streams.TasksOf(stream).Indices)
            {
                places[task]++; // all tasks of the stream, whether they are of the step or not
            }
        }
    }
}
