using Plait.Optimization;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Tests.Optimization;

public static class StepContexts
{
    public static StepContext At(long step = 0, int epoch = 0, long seed = 7, int tasks = 2) =>
        new()
        {
            Tasks = Regressions(tasks),
            Step = step,
            Epoch = epoch,
            Seed = seed,
        };

    public static TaskSet Regressions(int count) =>
        new(Enumerable.Range(0, count).Select(i => LearningTask.Regression($"task {i}")));

    /// <summary>The weights that an aggregator gives to some gradients.</summary>
    public static double[] Weigh(
        this GramianAggregator aggregator,
        double[] gramian,
        StepContext step,
        params double[] losses
    )
    {
        var weights = new double[(int)Math.Sqrt(gramian.Length)];
        aggregator.Weigh(new GramianView(gramian, losses: losses), weights, step);
        return weights;
    }
}
