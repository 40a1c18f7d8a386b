using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Optimization;
using Plait.Optimization.LossWeighting;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Training;

namespace Plait.Tests.Optimization.LossWeighting;

[Collection("torch")]
public sealed class AutoLambdaTests
{
    [Fact]
    public void The_first_improvement_moves_each_weight_by_the_learning_rate()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        using var network = SmallNetworks.Make("hard sharing");
        var batch = SmallNetworks.Batch(SmallNetworks.Tasks.All, shared: true);
        var weighting = new AutoLambda(learningRate: 0.01, initial: 0.5);
        weighting.Begin(SmallNetworks.Tasks, torch.CPU);

        weighting.Improve(Lower(network, batch), StepContexts.At());

        // The other batch is the same one, so every task's step helps itself and the sum of all.
        var weights = weighting.Weights(SmallNetworks.Tasks.All, StepContexts.At(), 1, 1, 1);
        Assert.All(weights, weight => Assert.Equal(0.01, Math.Abs(weight - 0.5), 9));
        Assert.Contains(weights, weight => weight > 0.5);
    }

    /// <summary>
    /// On the other batch the primary task's targets are mirrored at what the network says, which turns its gradient round: a step
    /// that helps on the batch of the step hurts there.
    /// </summary>
    [Fact]
    public void It_is_another_batch_that_judges_the_step()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        using var network = SmallNetworks.Make("hard sharing");
        var tasks = SmallNetworks.Tasks.All;
        var batch = SmallNetworks.Batch(tasks, shared: true);
        var said = network.Forward(batch, tasks)[0].detach().flatten();
        var mirrored = MultiTaskBatch.Shared(
            tasks,
            batch.Input,
            [TaskTarget.Of(said.mul(2).sub(batch.TargetOf(0).Values.flatten())), batch.TargetOf(1), batch.TargetOf(2)]
        );

        Assert.Equal(0.51, OfPrimary(batch), 9);
        Assert.Equal(0.49, OfPrimary(mirrored), 9);

        double OfPrimary(MultiTaskBatch other)
        {
            var weighting = new AutoLambda([0], learningRate: 0.01, initial: 0.5);
            weighting.Begin(SmallNetworks.Tasks, torch.CPU);
            weighting.Improve(Lower(network, batch, other), StepContexts.At());
            return weighting.Weights(tasks, StepContexts.At(), 1, 1, 1)[0];
        }
    }

    [Fact]
    public void A_batch_without_a_primary_task_teaches_nothing()
    {
        using var scope = torch.NewDisposeScope();
        using var network = SmallNetworks.Make("hard sharing");
        var batch = SmallNetworks.Batch(SmallNetworks.Tasks.Select(0, 2), shared: true);
        var weighting = new AutoLambda([1], learningRate: 0.01, initial: 0.5);
        weighting.Begin(SmallNetworks.Tasks, torch.CPU);

        weighting.Improve(Lower(network, batch), StepContexts.At());

        Assert.Equal([0.5, 0.5, 0.5], weighting.Weights(SmallNetworks.Tasks.All, StepContexts.At(), 1, 1, 1));
    }

    /// <summary>A primary task, one that is the same but for its units, and one whose targets are nothing but noise.</summary>
    [Fact]
    public void A_task_of_noise_is_weighed_down_and_one_that_helps_is_not()
    {
        const int Inputs = 8;
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(6, torch.CPU);
        var tasks = new TaskSet(
            LearningTask.Regression("main"),
            LearningTask.Regression("helpful"),
            LearningTask.Regression("noise")
        );
        var input = torch.randn([480, Inputs], generator: generator);
        var target = input.select(1, 0).sin().mul(2).add(input.select(1, 1));
        using var data = TensorData.Shared(
            tasks,
            input,
            [
                TaskTarget.Of(target),
                TaskTarget.Of(target.neg()),
                TaskTarget.Of(torch.randn([480], generator: generator).mul(3)),
            ]
        );
        torch.manual_seed(1);
        using var network = new HardSharing(tasks, new Mlp(Inputs, [16, 8]));
        using var batches = data.Batches(24, shuffleSeed: 2);
        var recipe = new Recipe
        {
            Weighting = new AutoLambda([0], learningRate: 0.005, clip: true),
            Optimizer = new SgdOptimizer(0.05, momentum: 0.5),
            Epochs = 12,
            GradientRecordInterval = 0,
        };

        var weights = new Trainer(network, recipe).Fit(batches).History[^1].Weights;

        Assert.True(weights[2] < 0.5 * weights[0], $"{weights[2]} and {weights[0]}");
        Assert.True(weights[0] > 0.2, $"{weights[0]}");
        Assert.True(weights[1] > 0.2, $"{weights[1]}");
    }

    private static InnerProblem Lower(MultiTaskNetwork network, MultiTaskBatch batch, MultiTaskBatch? other = null) =>
        new(network, new DataObjective(network, [], [batch], _ => [other ?? batch], StepContexts.At()), 1e-3);
}
