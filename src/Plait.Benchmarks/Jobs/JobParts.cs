using Plait.Data;
using Plait.Tasks;

namespace Plait.Benchmarks.Jobs;

/// <summary>What a job learns from, chooses by and is judged by: some tasks of the data, some rows, seen through other networks.</summary>
internal sealed class JobParts : IDisposable
{
    private readonly List<IDisposable> owned = [];

    private JobParts(BenchmarkData data) => (Train, Validation, Test) = (data.Train, data.Validation, data.Test);

    public TensorData Train { get; private set; }

    public TensorData Validation { get; private set; }

    public TensorData Test { get; private set; }

    public TaskSet Tasks => Train.Tasks;

    /// <summary>The shape of one row.</summary>
    public IReadOnlyList<long> InputShape => Train.InputOf(0).shape[1..];

    public static JobParts Of(BenchmarkData data, TrainingJob job)
    {
        var parts = new JobParts(data);
        try
        {
            if (job.Tasks is { } tasks)
            {
                parts.Replace(part => part.Only(tasks, dropUnlabelled: true));
            }

            if (job.TrainingRows is { } most && most < parts.Train.Rows)
            {
                parts.Train = parts.Own(parts.Train.Subset([.. Enumerable.Range(0, most).Select(row => (long)row)]));
            }

            if (job.Sources.Count > 0)
            {
                using var scope = torch.NewDisposeScope();
                var sources = job.Sources.Select(folder => KeptNetwork.Load(folder, data)).ToArray();
                parts.Replace(part => Through(sources, part));
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

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in owned)
        {
            part.Dispose();
        }
    }

    private static TensorData Through(KeptNetwork[] sources, TensorData part)
    {
        var input = torch.cat([.. sources.Select(source => source.Features(part.Input))], 1);
        return TensorData.Shared(part.Tasks, input, [.. part.Tasks.Select((_, task) => part.TargetOf(task))]);
    }

    private void Replace(Func<TensorData, TensorData> change)
    {
        Train = Own(change(Train));
        Validation = Own(change(Validation));
        Test = Own(change(Test));
    }

    private TensorData Own(TensorData part)
    {
        owned.Add(part);
        return part;
    }
}
