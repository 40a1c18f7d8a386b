using Plait.Data;
using Plait.Networks;
using Plait.Tasks;
using Plait.Tasks.Metrics;

namespace Plait.Training;

/// <summary>Measures a network on a data set.</summary>
public static class Evaluator
{
    /// <summary>Losses and metrics over one pass.</summary>
    /// <param name="network">The network; left in the mode (train or eval) that it was in.</param>
    /// <param name="source">Data whose tasks are the network's.</param>
    /// <param name="cancel">Stops between batches.</param>
    public static Evaluation Evaluate(
        MultiTaskNetwork network,
        MultiTaskDataLoader source,
        CancellationToken cancel = default
    )
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(source);
        var wasTraining = network.training;
        network.eval();
        try
        {
            using var noGrad = torch.no_grad();
            return Pass(network, source, cancel);
        }
        finally
        {
            network.train(wasTraining);
        }
    }

    private static Evaluation Pass(MultiTaskNetwork network, MultiTaskDataLoader source, CancellationToken cancel)
    {
        var tasks = network.Tasks;
        var device = network.Device;
        var floats = network.parameters().First().dtype;
        var sums = new double[tasks.Count];
        var counts = new double[tasks.Count];
        var metrics = new TaskMetricsAccumulator(tasks);
        var places = new long[tasks.Count];
        var last = Enumerable.Range(0, tasks.Count).Max(source.BatchesOf);
        for (var place = 0; place < last; place++)
        {
            cancel.ThrowIfCancellationRequested();
            using var scope = torch.NewDisposeScope();
            Array.Fill(places, place);
            using var read = source.Read(tasks.All.Where(task => place < source.BatchesOf(task)), places);
            var batch = read.To(device, floats);
            var outputs = InputCheck.Forward(network, batch, batch.Tasks);
            foreach (var task in batch.Tasks.Indices)
            {
                var target = batch.TargetOf(task);
                if (target.PresentCount == 0)
                {
                    continue;
                }

                var weight = tasks[task].Loss.WeightOf(target);
                sums[task] += tasks[task].Loss.Compute(outputs[task], target).ToDouble() * weight;
                counts[task] += weight;
                metrics.Add(task, outputs[task], target);
            }
        }

        var losses = sums.Select((sum, task) => counts[task] == 0 ? double.NaN : Mean(sum, counts[task])).ToArray();
        return new Evaluation(losses, metrics.Compute());
    }

    /// <summary>Infinite where it is not a number: NaN says that there is no target.</summary>
    private static double Mean(double sum, double count) => double.IsNaN(sum) ? double.PositiveInfinity : sum / count;
}
