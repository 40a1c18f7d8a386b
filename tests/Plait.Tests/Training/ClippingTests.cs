using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Optimization;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Metrics;
using Plait.Training;

namespace Plait.Tests.Training;

/// <summary>The last look at a step's gradient: too long is shortened, not finite is refused by the task's name.</summary>
[Collection("torch")]
public sealed class ClippingTests
{
    [Theory]
    [InlineData(0.01)]
    [InlineData(1e-5)]
    public void A_step_is_no_longer_than_the_rate_times_the_limit(double limit)
    {
        using var scope = torch.NewDisposeScope();
        using var data = SmallRuns.Data(40);
        using var network = SmallRuns.Network(dropout: 0);
        var before = network.Storage.Values.clone();
        var recipe = new Recipe
        {
            Optimizer = new SgdOptimizer(0.5, momentum: 0),
            ClipNorm = limit,
            Epochs = 1,
        };

        new Trainer(network, recipe).Fit(data.Batches(40));

        var moved = before.sub(network.Storage.Values).norm().item<float>();
        Assert.Equal(1, moved / (0.5 * limit), 1e-2); // values of size 1 in single precision
    }

    [Theory]
    [InlineData(0, "first")]
    [InlineData(1, "second")]
    public void A_loss_that_is_finite_with_a_gradient_that_is_not_is_told_by_the_task(int steep, string expected)
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(
            Enumerable.Range(0, 2).Select(task => Number(task == 0 ? "first" : "second", task == steep))
        );
        using var data = TensorData.Shared(
            tasks,
            torch.randn(8, 3),
            [.. tasks.Select(_ => TaskTarget.Of(torch.randn(8)))]
        );
        using var network = new HardSharing(tasks, new Mlp(3, [4]));

        var failure = Assert.Throws<NonFiniteException>(() =>
            new Trainer(network, new Recipe { Epochs = 1, GradientRecordInterval = 0 }).Fit(data.Batches(8))
        );

        Assert.Equal((expected, "gradient"), (failure.Task, failure.What));
    }

    private static LearningTask Number(string name, bool isSteep) =>
        isSteep
            ? new LearningTask(name, new Numeric(1), new Steep(), [new MeanSquaredError()])
            : LearningTask.Regression(name);

    /// <summary>Has the value of the squared error and, by a root at zero, no slope.</summary>
    private sealed class Steep : TaskLoss
    {
        public override string Name => "steep";

        protected override Tensor Cost(Tensor output, Tensor target, torch.nn.Reduction reduction) =>
            torch
                .nn.functional.mse_loss(output.view(target.shape), target, reduction)
                .add(output.sub(output.detach()).abs().sqrt().sum());
    }
}
