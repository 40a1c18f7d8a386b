using Plait.Data;
using Plait.Tasks;

namespace Plait.Training;

/// <summary>The batches of one step, and where to find others like them.</summary>
internal sealed class StepBatches : IDisposable
{
    private const int AnotherBatch = 1 << 16; // tells these draws from those of the recipe's parts

    private readonly BatchSource source;
    private readonly TaskSelection tasks;
    private readonly long[] places;
    private readonly Device device;
    private readonly List<MultiTaskBatch> read = [];

    private StepBatches(BatchSource source, TaskSelection tasks, long[] places, Device device)
    {
        this.source = source;
        this.tasks = tasks;
        this.places = places;
        this.device = device;
    }

    /// <summary>The batches in which some task has a target, on the device.</summary>
    public IReadOnlyList<MultiTaskBatch> Labelled { get; private set; } = [];

    /// <summary>Reads the next batches of some tasks.</summary>
    /// <param name="source">The training data.</param>
    /// <param name="tasks">The tasks of the step.</param>
    /// <param name="places">Where each task stands in its stream; moved on.</param>
    /// <param name="count">How many batches.</param>
    /// <param name="device">Where they are wanted.</param>
    public static StepBatches Read(BatchSource source, TaskSelection tasks, long[] places, int count, Device device)
    {
        var batches = new StepBatches(source, tasks, (long[])places.Clone(), device);
        for (var i = 0; i < count; i++)
        {
            batches.read.Add(source.Read(tasks, places));
            Advance(source, tasks, places);
        }

        batches.Labelled =
        [
            .. batches.read.Select(batch => batch.To(device)).Where(batch => batch.LabelledTasks.Count > 0),
        ];
        return batches;
    }

    /// <summary>Another batch of the same epoch, drawn by chance; disposed with the step's.</summary>
    /// <param name="number">Tells several of one step apart, from 0.</param>
    /// <param name="context">Where the run stands.</param>
    public MultiTaskBatch Another(int number, StepContext context)
    {
        var others = new long[places.Length];
        for (var task = 0; task < others.Length; task++)
        {
            var batches = source.BatchesOf(task);
            var place = (int)(places[task] % batches);
            var stream = source.SharesInput ? 0 : task;
            var drawn = batches == 1 ? 0 : context.Random(AnotherBatch + stream).Next(batches - 1);
            var away = batches == 1 ? 0 : 1 + ((drawn + number) % (batches - 1));
            others[task] = places[task] - place + ((place + away) % batches);
        }

        read.Add(source.Read(tasks, others));
        return read[^1].To(device);
    }

    public void Dispose() => read.ForEach(batch => batch.Dispose());

    private static void Advance(BatchSource source, TaskSelection tasks, long[] places)
    {
        if (source.SharesInput)
        {
            Array.Fill(places, places[0] + 1);
            return;
        }

        foreach (var task in tasks.Indices)
        {
            places[task]++;
        }
    }
}
