using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Optimization;
using Plait.Optimization.Bilevel;
using Plait.Optimization.LossWeighting;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Torch;
using Plait.Training;

namespace Plait.Tests.Training;

/// <summary>What a training tells those that look down on it.</summary>
[Collection("torch")]
public sealed class LookingDownTests
{
    private const double Rate = 0.1;
    private const double Momentum = 0.9;
    private const double Decay = 0.01;

    [Fact]
    public void The_optimizers_velocity_and_weight_decay_are_told()
    {
        using var scope = torch.NewDisposeScope();
        using var data = SmallRuns.Data(16);
        var look = new Looking();

        Train(look, new SgdOptimizer(Rate, Momentum, Decay), data, batchSize: 8, accumulated: 1);

        var ((before, atRest, _, _), (after, moving, decay, _)) = (look.Seen[0], look.Seen[1]);
        Assert.All(atRest!, number => Assert.Equal(0, number));
        Assert.Equal(Decay, decay);
        var moved = before.Zip(after, (from, to) => (from - to) / Rate); // by the first step, whose momentum is its gradient
        Assert.All(moved.Zip(moving!), pair => Assert.Equal(Momentum * pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void Of_accumulated_batches_the_first_with_a_label_is_looked_at_and_others_come_all()
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(LearningTask.Regression("a"), LearningTask.Regression("b"));
        var labels = TaskTarget.FromRaw(torch.zeros(8), torch.tensor([0f, 0, 1, 1, 1, 1, 1, 1]));
        using var data = TensorData.Shared(tasks, torch.arange(8).to(ScalarType.Float32).view(-1, 1), [labels, labels]);
        var look = new Looking();

        Train(look, new SgdOptimizer(Rate), data, batchSize: 2, accumulated: 2);

        Assert.Equal(
            [
                [2f, 3],
                [4f, 5],
            ],
            look.Seen.Select(one => one.Rows[0])
        ); // the first step's second batch
        Assert.Equal(
            [
                [4f, 5, 6, 7],
                [0f, 1, 2, 3],
            ],
            look.Seen.Select(one => one.Rows[1].Order().ToArray())
        );
    }

    [Fact]
    public void Upper_levels_are_shown_all_accumulated_batches_as_one()
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(LearningTask.Regression("a"), LearningTask.Regression("b"));
        var labels = TaskTarget.Of(torch.zeros(8));
        using var data = TensorData.Shared(tasks, torch.arange(8).to(ScalarType.Float32).view(-1, 1), [labels, labels]);
        using var network = new HardSharing(tasks, new Mlp(1, [4]));
        var upper = new Upper();
        using var train = data.Batches(2);

        new Trainer(
            network,
            new Recipe
            {
                Weighting = upper,
                AccumulatedBatches = 2,
                Epochs = 1,
            }
        ).Fit(train);

        Assert.Equal([0f, 1, 2, 3, 4, 5, 6, 7], upper.Rows.SelectMany(rows => rows).Order());
        Assert.All(upper.Rows, rows => Assert.Equal(4, rows.Length));
    }

    private static void Train(Looking look, SgdOptimizer optimizer, TensorData data, int batchSize, int accumulated)
    {
        torch.manual_seed(3);
        using var network = new HardSharing(data.Tasks, new Mlp(data.InputOf(0).size(1), [4]));
        var recipe = new Recipe
        {
            Callbacks = [look],
            Optimizer = optimizer,
            AccumulatedBatches = accumulated,
            Epochs = 1,
            GradientRecordInterval = 0,
        };
        using var train = data.Batches(batchSize);
        new Trainer(network, recipe).Fit(train);
    }

    private sealed class Looking : TrainingCallback
    {
        public List<(double[] Values, double[]? Velocity, double Decay, float[][] Rows)> Seen { get; } = [];

        public override void Observe(InnerProblem training, StepContext step) =>
            Seen.Add(
                (
                    Numbers.Read(training.Storage.Values),
                    training.Velocity is { } velocity ? Numbers.Read(velocity) : null,
                    training.WeightDecay,
                    [RowsOf(training.Objective), RowsOf(training.Another())]
                )
            );

        private static float[] RowsOf(IObjective objective) =>
            ((DataObjective)objective).Batches[0].Input.data<float>().ToArray();
    }

    private sealed class Upper : LossWeighting, IBilevelOptimizer
    {
        public List<float[]> Rows { get; } = [];

        public override Tensor Weigh(TaskLosses losses, StepContext step) => losses.Values;

        public void Improve(InnerProblem lower, StepContext step) =>
            Rows.Add(((DataObjective)lower.Objective).Batches[0].Input.data<float>().ToArray());
    }
}
