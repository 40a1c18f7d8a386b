using Plait.Jobs;
using Plait.Tasks;
using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;

namespace Plait.Benchmarks.Tests.Learning;

/// <summary>What the best answers reach that do not look at the image: the bar that a network has to be far above.</summary>
internal static class BlindAnswers
{
    private const float Sure = 20; // a logit

    /// <summary>One answer a task for all images and pixels: the most frequent class, the mean of the training part, yes.</summary>
    public static TaskMetrics Judge(DataParts data)
    {
        using var scope = torch.NewDisposeScope();
        var metrics = new TaskMetricsAccumulator(data.Tasks);
        for (var place = 0; place < data.Tasks.Count; place++)
        {
            var test = data.Test.TargetOf(place);
            var answer = Answer(data.Tasks[place], data.Train.TargetOf(place));
            long[] pixels = data.Tasks[place].Output.IsDense ? [.. test.Values.shape[^2..]] : [];
            long[] one = [1, answer.numel(), .. pixels.Select(_ => 1L)];
            metrics.Add(place, answer.view(one).expand([data.Test.Rows, answer.numel(), .. pixels]).contiguous(), test);
        }

        return metrics.Compute();
    }

    private static Tensor Answer(LearningTask task, TaskTarget target)
    {
        var channels = task.Output.Channels;
        if (task.Loss is CrossEntropy)
        {
            var classes = target.Values.flatten();
            return classes.masked_select(classes.ge(0)).bincount(null, (int)channels).to(ScalarType.Float32);
        }

        if (task.Loss is BalancedCrossEntropy)
        {
            return torch.full([channels], Sure);
        }

        var values = target.Values.transpose(0, 1).reshape(channels, -1);
        var counts = target.Present is { } present
            ? present.expand(target.Values.shape).transpose(0, 1).reshape(channels, -1).to(ScalarType.Float32)
            : torch.ones_like(values);
        return (values * counts).sum(dim: 1L) / counts.sum(dim: 1L);
    }
}
