using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Torch;
using Plait.Training;

namespace Plait.Tests.Training;

/// <summary>Row weights from the data to the parameters and the metrics.</summary>
[Collection("torch")]
public sealed class RowWeightTests
{
    private const int Rows = 32;

    private static readonly TaskSet Tasks = new(
        LearningTask.Regression("number"),
        LearningTask.Binary("answer", positiveWeight: 3),
        LearningTask.Classification("kind", 3, classWeights: [5, 1, 0.2f])
    );

    [Fact]
    public void Accumulated_batches_of_weighted_rows_move_the_parameters_as_one_of_them_all()
    {
        using var scope = torch.NewDisposeScope();
        using var data = Weighted(torch.tensor(Ramp(3)), torch.tensor(Ramp(5)));

        AssertClose(Trained(data, batchSize: Rows), Trained(data, batchSize: 4, accumulated: 8));
        AssertClose(Trained(data, batchSize: Rows), Trained(data, batchSize: 5, accumulated: 7));
    }

    [Fact]
    public void An_evaluation_by_batches_of_any_size_is_that_of_all_rows()
    {
        using var scope = torch.NewDisposeScope();
        using var data = Weighted(torch.tensor(Ramp(3)), torch.tensor(Ramp(5)));
        using var network = Network();
        var expected = Measured(network, data, Rows);

        foreach (var size in new[] { 1, 5, 7 })
        {
            AssertClose(expected, Measured(network, data, size));
        }
    }

    [Fact]
    public void A_row_of_weight_2_trains_and_judges_as_if_it_were_there_twice()
    {
        using var scope = torch.NewDisposeScope();
        float[] weights = [.. Enumerable.Range(0, Rows).Select(row => (float)(row % 4))];
        using var weighted = Weighted(torch.tensor(weights));
        using var plain = Weighted();
        using var repeated = plain.Subset([
            .. weights.SelectMany((weight, row) => Enumerable.Repeat((long)row, (int)weight)),
        ]);

        AssertClose(Trained(repeated, batchSize: 1000), Trained(weighted, batchSize: 1000));
        using var network = Network();
        AssertClose(Measured(network, repeated, 1000), Measured(network, weighted, 9));
    }

    [Fact]
    public void Rows_of_weight_0_train_as_if_they_were_missing_to_the_bit()
    {
        using var scope = torch.NewDisposeScope();
        float[] weights = [.. Enumerable.Range(0, Rows).Select(row => row < 8 || row % 3 == 0 ? 0f : row)];
        using var weighted = Weighted(torch.tensor(weights));
        using var plain = Weighted();
        var mask = torch.tensor(weights).ne(0);
        using var missing = TensorData.Shared(
            Tasks,
            plain.Input,
            [
                .. Tasks.Select(
                    (_, task) =>
                        TaskTarget
                            .FromRaw(plain.TargetOf(task).Values, mask.logical_and(Marks(plain.TargetOf(task)).ne(0)))
                            .Weighted(torch.tensor(weights).clamp(min: 1))
                ),
            ]
        );

        // The first batches hold no row that counts, and no task takes part in their steps.
        Assert.Equal(Trained(missing, batchSize: 4), Trained(weighted, batchSize: 4));
        using var network = Network();
        Assert.Equal(Measured(network, missing, 4), Measured(network, weighted, 4));
    }

    [Fact]
    public void A_task_whose_rows_of_a_step_all_weigh_0_is_left_out_of_it()
    {
        using var scope = torch.NewDisposeScope();
        float[] weights = [.. Enumerable.Range(0, Rows).Select(row => row < 16 ? 0f : 1)];
        using var plain = Weighted();
        using var data = TensorData.Shared(
            Tasks,
            plain.Input,
            [plain.TargetOf(0).Weighted(torch.tensor(weights)), plain.TargetOf(1), plain.TargetOf(2)]
        );
        using var source = data.Batches(16);
        using var first = source.Read(Tasks.All, [0, 0, 0]);
        using var second = source.Read(Tasks.All, [1, 1, 1]);

        Assert.Equal([1, 2], first.LabelledTasks.Indices.ToArray());
        Assert.Equal([0, 1, 2], second.LabelledTasks.Indices.ToArray());
    }

    [Fact]
    public void Weights_change_what_is_learned()
    {
        using var scope = torch.NewDisposeScope();
        var input = torch.ones(200, 1);
        var target = torch.arange(200).remainder(2).to(ScalarType.Float32); // half of the rows say 0, half 1
        var tasks = new TaskSet(LearningTask.Regression("y"));
        using var data = TensorData.Shared(tasks, input, [TaskTarget.Of(target).Weighted(target.mul(8).add(1))]);
        torch.manual_seed(1);
        using var network = new HardSharing(tasks, new Mlp(1, [4]));
        using var source = data.Batches(200);

        new Trainer(network, new Recipe { Optimizer = new AdamOptimizer(0.05), Epochs = 300 }).Fit(source);

        var said = network.Forward(MultiTaskBatch.Unlabelled(tasks.All, torch.ones(1, 1)), tasks.All)[0].item<float>();
        Assert.Equal(0.9, said, 0.01); // nine of ten by weight
    }

    private static float[] Ramp(int period) => [.. Enumerable.Range(0, Rows).Select(row => 0.3f * (row % period))];

    private static Tensor Marks(TaskTarget target) =>
        target.Present ?? torch.ones_like(target.Values, ScalarType.Float32);

    /// <summary>Three tasks on the same rows, every seventh answer missing; all weights are multiplied.</summary>
    private static TensorData Weighted(params Tensor[] weights)
    {
        using var scope = torch.NewDisposeScope();
        using var chance = new torch.Generator(5);
        var input = torch.randn([Rows, SmallRuns.Inputs], generator: chance);
        var mask = torch.arange(Rows).remainder(7).ne(0);
        TaskTarget[] targets =
        [
            TaskTarget.Of(torch.randn([Rows], generator: chance)),
            TaskTarget.FromRaw(torch.randint(0, 2, [Rows], ScalarType.Float32, generator: chance), mask),
            TaskTarget.Of(torch.randint(0, 3, [Rows], ScalarType.Int64, generator: chance)),
        ];
        return TensorData.Shared(
            Tasks,
            input,
            [.. targets.Select(target => weights.Aggregate(target, (weighted, w) => weighted.Weighted(w)))]
        );
    }

    private static HardSharing Network()
    {
        torch.manual_seed(3);
        return new HardSharing(Tasks, new Mlp(SmallRuns.Inputs, [5]));
    }

    private static double[] Trained(TensorData data, int batchSize, int accumulated = 1)
    {
        using var network = Network();
        var recipe = new Recipe
        {
            Optimizer = new SgdOptimizer(0.05),
            AccumulatedBatches = accumulated,
            Epochs = 2,
        };
        using var train = data.Batches(batchSize);
        new Trainer(network, recipe).Fit(train);
        return [.. network.parameters().SelectMany(Numbers.Read)];
    }

    private static double[] Measured(MultiTaskNetwork network, TensorData data, int batchSize)
    {
        using var source = data.Batches(batchSize);
        var evaluation = Evaluator.Evaluate(network, source);
        return
        [
            .. evaluation.Losses,
            .. Tasks.SelectMany((task, place) => task.Metrics.Select((_, metric) => evaluation.Metrics[place, metric])),
        ];
    }

    private static void AssertClose(double[] expected, double[] found) =>
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
}
