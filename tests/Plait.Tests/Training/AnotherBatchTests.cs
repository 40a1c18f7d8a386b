using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Optimization;
using Plait.Tasks;
using Plait.Tasks.Answers;
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

    /// <summary>Three batches of a row: with labels of both tasks, of the second alone and of none.</summary>
    [Fact]
    public void The_rows_of_other_batches_are_zero_for_tasks_without_a_label_there()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        var tasks = new TaskSet(LearningTask.Regression("a"), LearningTask.Regression("b"));
        var labels = torch.ones(3);
        using var data = TensorData.Shared(
            tasks,
            torch.randn([3, 2]),
            [TaskTarget.FromRaw(labels, torch.tensor([1f, 0, 0])), TaskTarget.FromRaw(labels, torch.tensor([1f, 1, 0]))]
        );
        using var network = new HardSharing(tasks, new Mlp(2, [3]));
        var asking = new Asking();
        var recipe = new Recipe
        {
            Aggregator = asking,
            Epochs = 1,
            GradientRecordInterval = 0,
        };

        new Trainer(network, recipe).Fit(data.Batches(1));

        Assert.Equal(
            [
                [false, false],
                [false, true],
            ],
            asking.Seen[0].OrderBy(rows => rows[1])
        ); // which of two tasks have a gradient
    }

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
            Callbacks = [look],
            Epochs = Epochs,
            GradientRecordInterval = 0,
        };
        new Trainer(network, recipe).Fit(data.Batches(1));
        return look.Seen;
    }

    private sealed class Looking : TrainingCallback
    {
        public List<(int Own, int[] Others, int[] OthersOfSecond)> Seen { get; } = [];

        public override void Observe(InnerProblem training, StepContext step)
        {
            var others = Enumerable.Range(0, 3).Select(number => BatchOf(training.Another(number))).ToArray();
            Seen.Add((Place(BatchOf(training.Objective), 0), Places(others, 0), Places(others, 1)));
        }

        private static MultiTaskBatch BatchOf(IObjective objective) => ((DataObjective)objective).Batches[0];

        private static int[] Places(MultiTaskBatch[] batches, int task) =>
            [.. batches.Select(batch => Place(batch, task))];

        private static int Place(MultiTaskBatch batch, int task) => (int)batch.InputOf(task).item<float>();
    }

    private sealed class Asking : GradientAggregator
    {
        public List<bool[][]> Seen { get; } = [];

        public override Tensor Aggregate(TaskGradients gradients, StepContext step)
        {
            Seen.Add([.. Enumerable.Range(0, 2).Select(number => HasGradient(gradients.RowsOfAnotherBatch(number)))]);
            return gradients.Rows.sum(0L);
        }

        private static bool[] HasGradient(Tensor rows) => rows.ne(0).any(1L).data<bool>().ToArray();
    }
}
