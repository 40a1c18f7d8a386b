using Plait.Data;
using Plait.Networks;
using Plait.Optimization;
using Plait.Tasks;

namespace Plait.Training;

/// <summary>Averages the task gradients of several batches: what one batch of all their rows would have given.</summary>
/// <remarks>
/// A task's loss is a mean over its targets, so each batch counts by its share of the task's targets. Batch normalisation still sees
/// one batch at a time.
/// </remarks>
internal static class GradientAccumulation
{
    /// <summary>Goes through the batches one after the other.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batches">The batches.</param>
    /// <param name="needsRows">Whether single tasks' gradients are wanted, or their sum alone.</param>
    /// <param name="take">Takes the weighted gradients of one batch.</param>
    public static TaskGradients Of(
        MultiTaskNetwork network,
        IReadOnlyList<MultiTaskBatch> batches,
        bool needsRows,
        Func<MultiTaskBatch, TaskGradients> take
    )
    {
        var tasks = network.Tasks.All.Where(task => batches.Any(batch => Targets(batch, task) > 0));
        var storage = NetworkStorage.Of(network);
        var sum = torch.zeros_like(storage.Gradients);
        var rows = needsRows
            ? torch.zeros([tasks.Count, storage.SharedLength], sum.dtype, sum.device).DetachFromDisposeScope()
            : null;
        var losses = new double[tasks.Count];
        var weights = new double[tasks.Count];
        foreach (var batch in batches)
        {
            using var scope = torch.NewDisposeScope();
            using var gradients = take(batch);
            var shares = Shares(gradients.Tasks, batch, batches);
            gradients.Scale(shares);
            if (!needsRows)
            {
                gradients.Combine(Enumerable.Repeat(1.0, gradients.Count).ToArray());
            }

            for (var i = 0; i < gradients.Count; i++)
            {
                var place = tasks.Indices.IndexOf(gradients.Tasks.Indices[i]);
                rows?.select(0, place).add_(gradients.Rows.select(0, i));
                losses[place] += shares[i] * gradients.Losses.Numbers[i];
                weights[place] += gradients.Weights[i];
            }

            sum.add_(storage.Gradients);
        }

        storage.Gradients.copy_(sum);
        return TaskGradients.Accumulated(network, rows, Constants(tasks, losses, sum), weights);
    }

    private static double[] Shares(TaskSelection tasks, MultiTaskBatch batch, IReadOnlyList<MultiTaskBatch> batches) =>
        [
            .. tasks
                .Indices.ToArray()
                .Select(task => (double)Targets(batch, task) / batches.Sum(one => Targets(one, task))),
        ];

    private static long Targets(MultiTaskBatch batch, int task) =>
        batch.Tasks.Contains(task) ? batch.TargetOf(task).PresentCount : 0;

    private static TaskLosses Constants(TaskSelection tasks, double[] losses, Tensor like) =>
        new(tasks, losses.Select(loss => torch.tensor(loss, dtype: like.dtype, device: like.device)));
}
