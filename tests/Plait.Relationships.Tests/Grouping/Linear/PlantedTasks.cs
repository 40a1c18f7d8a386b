using Plait.Numerics;
using Plait.Relationships.Grouping.Linear;

namespace Plait.Relationships.Tests.Grouping.Linear;

/// <summary>Linear tasks of planted groups: the weights of a group's tasks are multiples of one direction, of either sign.</summary>
internal sealed class PlantedTasks
{
    public PlantedTasks(int seed, LinearLoss loss, int groups = 3, int tasksEach = 8, int features = 20, int rows = 12)
    {
        var random = Seeds.Generator(seed, 17);
        var directions = Enumerable.Range(0, groups).Select(_ => Normal(random, features)).ToArray();
        Groups = [.. Enumerable.Range(0, groups * tasksEach).Select(task => task % groups)];
        var weights = Groups
            .Select(group =>
            {
                var factor = (0.6 + random.NextDouble()) * (random.Next(2) == 0 ? -1 : 1);
                return directions[group]
                    .Select(w => w * factor / Math.Sqrt(features) * (loss == LinearLoss.Logistic ? 4 : 1))
                    .ToArray();
            })
            .ToArray();
        Training = [.. weights.Select((w, task) => Drawn($"task {task}", w, rows, loss, random))];
        Test = [.. weights.Select((w, task) => Drawn($"task {task}", w, 200, loss, random))];
    }

    public int[] Groups { get; }

    public LinearTaskData[] Training { get; }

    public LinearTaskData[] Test { get; }

    /// <summary>The mean over the tasks of the mean loss on rows not seen.</summary>
    public double TestLoss(LinearModels models) => Test.Select((data, task) => models.MeanLoss(task, data)).Average();

    /// <summary>The same with the best of several penalties, which favours learning alone.</summary>
    public double BestRidge(LinearLoss loss) =>
        new[] { 0.001, 0.01, 0.03, 0.1, 0.3, 1 }.Min(penalty =>
            TestLoss(IndependentRidge.Fit(Training, penalty, loss))
        );

    private static LinearTaskData Drawn(string name, double[] weights, int rows, LinearLoss loss, Random random)
    {
        var inputs = Enumerable.Range(0, rows).Select(_ => Normal(random, weights.Length)).ToArray();
        var targets = inputs.Select(row =>
        {
            var score = Vectors.Dot(row, weights);
            return loss == LinearLoss.Squared ? score + (0.3 * NormalVariate.Draw(random))
                : random.NextDouble() < 1 / (1 + Math.Exp(-score)) ? 1
                : 0;
        });
        return new LinearTaskData(name, [.. inputs.SelectMany(row => row)], [.. targets]);
    }

    private static double[] Normal(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => NormalVariate.Draw(random))];
}
