using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Optimization;
using Plait.Optimization.Bilevel;
using Plait.Tasks;
using Plait.Training;

namespace Plait.Tests.Training;

/// <summary>The independent batches that methods of two levels and of stochastic gradients ask a training for.</summary>
[Collection("torch")]
public sealed class AnotherBatchTests
{
    private const int Batches = 5;
    private const int Epochs = 40;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Other_batches_are_drawn_by_chance_from_all_the_others_of_the_epoch(bool shared)
    {
        var seen = Look(shared);

        Assert.Equal(Batches * Epochs, seen.Count);
        Assert.All(seen, one => Assert.Equal(1 + one.Others.Length, one.Others.Append(one.Own).Distinct().Count()));
        var away = seen.CountBy(one => (one.Others[0] - one.Own + Batches) % Batches).ToDictionary();
        // 200 draws of 4 distances: 50 of each are expected, with a deviation of 6.
        Assert.Equal([1, 2, 3, 4], away.Keys.Order());
        Assert.All(away.Values, count => Assert.InRange(count, 25, 75));
    }

    [Fact]
    public void Tasks_with_rows_of_their_own_draw_their_other_batches_apart()
    {
        var seen = Look(shared: false);

        Assert.InRange(seen.Count(one => one.Others[0] == one.OthersOfSecond[0]), 20, 80); // 1 in 4 of 200, with a deviation of 6
    }

    [Fact]
    public void The_same_run_draws_the_same_batches() =>
        Assert.Equal(
            Look(shared: true).SelectMany(one => one.Others),
            Look(shared: true).SelectMany(one => one.Others)
        );

    private static List<(int Own, int[] Others, int[] OthersOfSecond)> Look(bool shared)
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(LearningTask.Regression("a"), LearningTask.Regression("b"));
        var input = torch.arange(Batches).to(ScalarType.Float32).view(-1, 1); // a batch is a row, which says its place
        var target = TaskTarget.Of(torch.zeros(Batches));
        using var data = shared
            ? TensorData.Shared(tasks, input, [target, target])
            : TensorData.PerTask(tasks, [input, input.clone()], [target, TaskTarget.Of(torch.zeros(Batches))]);
        using var network = new HardSharing(tasks, new Mlp(1, [2]));
        var look = new Looking();
        var recipe = new Recipe
        {
            Observers = [look],
            Epochs = Epochs,
            GradientRecordInterval = 0,
        };
        new Trainer(network, recipe).Fit(data.Batches(1));
        return look.Seen;
    }

    private sealed class Looking : StepObserver
    {
        public List<(int Own, int[] Others, int[] OthersOfSecond)> Seen { get; } = [];

        public override void Observe(LowerLevel training, StepContext step)
        {
            var others = Enumerable.Range(0, 3).Select(training.Another).ToArray();
            Seen.Add((Place(training.Batch, 0), Places(others, 0), Places(others, 1)));
        }

        private static int[] Places(MultiTaskBatch[] batches, int task) =>
            [.. batches.Select(batch => Place(batch, task))];

        private static int Place(MultiTaskBatch batch, int task) => (int)batch.InputOf(task).item<float>();
    }
}
