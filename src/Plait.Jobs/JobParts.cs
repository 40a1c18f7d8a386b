using Plait.Data;
using Plait.Data.Augmentation;
using Plait.Tasks;

namespace Plait.Jobs;

/// <summary>What a job learns from, chooses by and is judged by: some tasks of the data, some rows, seen through other networks.</summary>
internal sealed class JobParts : IDisposable
{
    private readonly List<IDisposable> owned = [];

    private JobParts(IDataParts data) => (Train, Validation, Test) = (data.Train, data.Validation, data.Test);

    public IDataSet Train { get; private set; }

    public IDataSet Validation { get; private set; }

    public IDataSet Test { get; private set; }

    public TaskSet Tasks => Train.Tasks;

    /// <summary>What one row is.</summary>
    public InputSpec InputSpec => Train.InputSpec;

    public static JobParts Of(IDataParts data, TrainingJob job)
    {
        if (job.KeepsRowLosses || job.Sources.Count > 0)
        {
            InMemory(data.Train);
        }

        var parts = new JobParts(data);
        try
        {
            if (job.Tasks is { } tasks)
            {
                parts.Replace(part => part.SelectTasks(tasks, dropUnlabelled: true));
            }

            if (job.TrainingRows is { } most && parts.Tasks.Select((_, task) => parts.Train.RowsOf(task)).Max() > most)
            {
                parts.Train = parts.Own(parts.Train.Take(most));
            }

            if (job.Sources.Count > 0)
            {
                using var scope = torch.NewDisposeScope();
                var sources = job.Sources.Select(folder => SavedNetwork.Load(folder, data)).ToArray();
                parts.Replace(part => Through(sources, InMemory(part)));
                foreach (var source in sources)
                {
                    source.Dispose();
                }
            }

            return parts;
        }
        catch
        {
            parts.Dispose();
            throw;
        }
    }

    /// <summary>A part that is in memory, for what looks at all of its rows at once.</summary>
    /// <exception cref="NotSupportedException">Its rows are read one by one.</exception>
    public static TensorData InMemory(IDataSet part) =>
        part as TensorData
        ?? throw new NotSupportedException(
            "Row losses and features of kept networks take data in memory; the rows of this data are read one by one, for want of memory or because that was asked for."
        );

    /// <summary>What a job learns from: batches of a part that are shuffled, and augmented where it says so.</summary>
    /// <exception cref="FormatException">There is no such augmentation.</exception>
    /// <exception cref="NotSupportedException">Targets of this data cannot follow what happens to images.</exception>
    public static MultiTaskDataLoader TrainingBatches(IDataSet part, TrainingJob job)
    {
        if (job.Augmentation is not { } text)
        {
            return part.Batches(job.Run.BatchSize, job.Run.Seed);
        }

        var augmentation = AugmentationSpecification.Parse(text);
        var geometry = GeometryOf(job.Data, part.Tasks);
        var source = part.Batches(job.Run.BatchSize, job.Run.Seed);
        return new Augmented(source, augmentation, geometry, job.Run.Seed);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in owned)
        {
            part.Dispose();
        }
    }

    private static TargetGeometry[] GeometryOf(DataSource data, TaskSet tasks) =>
        data.Geometry is { } geometry
            ? [.. tasks.Select(task => geometry[task.Name])]
            : throw new NotSupportedException(
                $"'{data.Name}' cannot be augmented: its rows are no images, or mirrored and enlarged ones would have other targets."
            );

    private static TensorData Through(SavedNetwork[] sources, TensorData part)
    {
        part.InputSpec.RequireShape("Kept networks whose features are learned from");
        var input = torch.cat([.. sources.Select(source => source.Features(part.Input))], 1);
        return TensorData.Shared(part.Tasks, input, [.. part.Tasks.Select((_, task) => part.TargetOf(task))]);
    }

    private void Replace(Func<IDataSet, IDataSet> change)
    {
        Train = Own(change(Train));
        Validation = Own(change(Validation));
        Test = Own(change(Test));
    }

    private IDataSet Own(IDataSet part)
    {
        owned.Add(part);
        return part;
    }
}
