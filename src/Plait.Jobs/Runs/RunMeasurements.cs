using Plait.Tasks;
using Plait.Training;

namespace Plait.Jobs.Runs;

/// <summary>Turns what a training reports into the rows of the run store.</summary>
public static class RunMeasurements
{
    /// <summary>Losses and validation metrics of an epoch. Training epochs count from 1: 0 is before training.</summary>
    public static IReadOnlyList<Measurement> Of(TaskSet tasks, EpochRecord epoch)
    {
        var rows = new List<Measurement>();
        for (var task = 0; task < tasks.Count; task++)
        {
            var name = tasks[task].Name;
            rows.Add(new(epoch.Epoch + 1, DataSplit.Train, name, Measurement.Loss, epoch.TrainingLosses[task]));
            if (epoch.Validation is { } validation)
            {
                rows.Add(new(epoch.Epoch + 1, DataSplit.Validation, name, Measurement.Loss, validation.Losses[task]));
                rows.AddRange(
                    tasks[task]
                        .Metrics.Select(
                            (metric, i) =>
                                new Measurement(
                                    epoch.Epoch + 1,
                                    DataSplit.Validation,
                                    name,
                                    metric.Name,
                                    validation.Metrics[task, i]
                                )
                        )
                );
            }
        }

        return rows;
    }

    /// <summary>The mean loss weights of an epoch.</summary>
    public static IReadOnlyList<Diagnostic> Weights(TaskSet tasks, EpochRecord epoch, int stepsPerEpoch) =>
        [
            .. tasks
                .Select(
                    (task, i) =>
                        new Diagnostic(
                            (long)epoch.Epoch * stepsPerEpoch,
                            Diagnostic.Weight,
                            task.Name,
                            null,
                            epoch.Weights[i]
                        )
                )
                .Where(row => double.IsFinite(row.Value)),
        ];

    /// <summary>What a look at the task gradients found.</summary>
    public static IReadOnlyList<Diagnostic> Of(TaskSet tasks, GradientRecord record)
    {
        var rows = new List<Diagnostic>
        {
            new(record.Step, Diagnostic.ConflictRate, "", null, record.ConflictRate),
            new(record.Step, Diagnostic.Condition, "", null, record.Condition),
            new(record.Step, Diagnostic.Compliance, "", null, record.Compliance),
        };
        for (var i = 0; i < tasks.Count; i++)
        {
            rows.Add(new(record.Step, Diagnostic.Norm, tasks[i].Name, null, record.Norms[i]));
            rows.Add(new(record.Step, Diagnostic.UpdateWeight, tasks[i].Name, null, record.UpdateWeights[i]));
            for (var j = i + 1; j < tasks.Count; j++)
            {
                rows.Add(
                    new(
                        record.Step,
                        Diagnostic.Cosine,
                        tasks[i].Name,
                        tasks[j].Name,
                        record.Cosines[(i * tasks.Count) + j]
                    )
                );
            }
        }

        return [.. rows.Where(row => double.IsFinite(row.Value))];
    }

    /// <summary>The test metrics of the epoch that was kept.</summary>
    public static IReadOnlyList<Measurement> Of(JobResult result) =>
        [.. result.Metrics.SelectMany(task => Of(result.BestEpoch, task.Key, task.Value))];

    /// <summary>The test metrics of one task.</summary>
    /// <param name="bestEpoch">The epoch that was kept, from 0.</param>
    /// <param name="task">The task's name.</param>
    /// <param name="metrics">Each metric; null where the test rows do not define it.</param>
    public static IEnumerable<Measurement> Of(
        int bestEpoch,
        string task,
        IReadOnlyDictionary<string, double?> metrics
    ) =>
        metrics.Select(metric => new Measurement(
            bestEpoch + 1,
            DataSplit.Test,
            task,
            metric.Key,
            metric.Value ?? double.NaN
        ));
}
