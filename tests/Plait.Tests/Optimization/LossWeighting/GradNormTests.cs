using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Optimization;
using Plait.Optimization.LossWeighting;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Training;

namespace Plait.Tests.Optimization.LossWeighting;

using LossWeighting = Plait.Optimization.LossWeighting.LossWeighting;

[Collection("torch")]
public sealed class GradNormTests
{
    private static readonly TaskSet Two = StepContexts.Regressions(2);

    [Fact]
    public void A_step_moves_each_weight_towards_its_target_norm_and_keeps_their_sum()
    {
        var weighting = new GradNorm(at: GradientLocation.Parameters).Begun();

        Assert.Equal([1, 1], Weights(weighting, [3, 4], [1, 1])); // norms 3 and 4, mean 3.5
        Weighted.AssertClose([1.025, 0.975], Weights(weighting, [3, 4], [1, 1]));
    }

    [Fact]
    public void A_task_that_learns_slowly_gains_weight_though_its_gradient_is_the_longer()
    {
        var weighting = new GradNorm(alpha: 2, at: GradientLocation.Parameters).Begun();
        Weights(weighting, [1, 1.1], [1, 1]); // rates 1: the first gains
        Weights(weighting, [1, 1.1], [0.5, 1]); // rates 2/3 and 4/3: from here on the second gains
        for (var step = 0; step < 30; step++)
        {
            Weights(weighting, [1, 1.1], [0.5, 1]);
        }

        // Target norms are in the ratio (1/2)², so weights in that of 1/4 to 1/1.1.
        var weights = Weights(weighting, [1, 1.1], [0.5, 1]);
        Assert.InRange(weights[1], 1.4, 1.8);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Without_a_preference_for_slow_tasks_all_weighted_norms_become_alike(bool softmax)
    {
        double[] norms = [1, 3, 2, 4];
        var weighting = new GradNorm(alpha: 0, at: GradientLocation.Parameters, softmax: softmax).Begun(4);
        double[] weights = [];
        for (var step = 0; step < 300; step++)
        {
            weights = Weights(weighting, norms, [1, 1, 1, 1]);
        }

        var expected = 4 / norms.Sum(norm => 1 / norm);
        Assert.Equal(4, weights.Sum(), 9);
        Assert.All(weights.Zip(norms), pair => Assert.InRange(pair.First * pair.Second / expected, 0.9, 1.1));
    }

    /// <summary>
    /// The shortest norm is below the mean, and its logarithm falls all the same: the others are further below, and weights of a fixed
    /// sum leave it less. Adam's first step moves each logarithm by the learning rate.
    /// </summary>
    [Fact]
    public void Logarithms_of_weights_move_by_the_slopes_less_their_mean()
    {
        const double Rate = 0.025;
        var weighting = new GradNorm(learningRate: Rate, at: GradientLocation.Parameters, softmax: true).Begun(5);
        double[] norms = [0.1, 4, 4, 4, 9]; // mean 4.22, slopes -0.1, -4, -4, -4 and 9, their mean -0.62
        Weights(weighting, norms, [1, 1, 1, 1, 1]);

        var (up, down) = (Math.Exp(Rate), Math.Exp(-Rate));
        var unit = 5 / ((3 * up) + (2 * down));
        Weighted.AssertClose(
            [down * unit, up * unit, up * unit, up * unit, down * unit],
            Weights(weighting, norms, [1, 1, 1, 1, 1]),
            1e-6 // Adam's own constant beside the root of the second moment
        );
    }

    [Fact]
    public void Weights_are_all_one_in_an_epoch_that_measures_the_initial_losses()
    {
        var weighting = new GradNorm(initial: InitialLoss.FirstEpoch, at: GradientLocation.Parameters).Begun();
        Weights(weighting, [1, 100], [1, 1]);

        Assert.Equal([1, 1], Weights(weighting, [1, 100], [1, 1]));
        weighting.EndEpoch(new EpochOutcome(0, [1, 1], null));
        Weights(weighting, [1, 100], [1, 1], epoch: 1);
        Assert.NotEqual([1, 1], Weights(weighting, [1, 100], [1, 1], epoch: 1));
    }

    [Fact]
    public void Weighing_without_a_look_at_gradients_is_refused()
    {
        var refused = Assert.Throws<InvalidOperationException>(() =>
            new GradNorm().Begun().Weights(StepContexts.At(), 1, 1)
        );

        Assert.Contains("call Observe before Weigh", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>The paper's section 4, made small: targets σ tanh((B + ε) x) with σ = 1 and 30.</summary>
    [Fact]
    public void On_the_papers_toy_problem_the_task_of_small_scale_is_learned_as_well()
    {
        var (equal, _) = Toy(new Equal());
        var (balanced, weights) = Toy(new GradNorm(alpha: 0.12, softmax: true));
        var (_, additive) = Toy(new GradNorm(alpha: 0.12));

        Assert.InRange(balanced[0], 0, 0.85 * equal[0]);
        Assert.InRange(balanced[1], 0, 0.5); // and the other one still is
        Assert.True(weights[0] > 50 * weights[1], $"{weights[0]} and {weights[1]}");
        Assert.InRange(additive[1], 0, 0.15);
    }

    /// <summary>Each task's loss on new rows over that of predicting 0, and the weights of the last epoch.</summary>
    private static (double[] Losses, double[] Weights) Toy(LossWeighting weighting)
    {
        const int Inputs = 20;
        const int Outputs = 8;
        double[] scales = [1, 30];
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(11, torch.CPU);
        var tasks = new TaskSet(scales.Select((_, i) => LearningTask.Regression($"task {i}", Outputs)));
        var common = Draw(Inputs, Outputs);
        Tensor[] maps = [.. scales.Select(_ => common.add(Draw(Inputs, Outputs), 0.5).div(3))];
        using var train = Rows(600);
        using var test = Rows(400);
        torch.manual_seed(4);
        using var network = new HardSharing(tasks, new Mlp(Inputs, [32, 32]));
        using var batches = train.Batches(60, shuffleSeed: 3);
        using var held = test.Batches(400);
        var recipe = new Recipe
        {
            Weighting = weighting,
            Optimizer = new AdamOptimizer(0.003),
            Epochs = 30,
            GradientRecordInterval = 0,
        };
        var result = new Trainer(network, recipe).Fit(batches, held);
        var end = result.History[^1];
        double[] relative =
        [
            .. end.Validation!.Losses.Select(
                (loss, task) => loss / test.TargetOf(task).Values.square().mean().item<float>()
            ),
        ];
        return (relative, end.Weights);

        Tensor Draw(int rows, int columns) => torch.randn([rows, columns], generator: generator);

        TensorData Rows(int count)
        {
            var input = Draw(count, Inputs);
            return TensorData.Shared(
                tasks,
                input,
                [.. maps.Select((map, task) => TaskTarget.Of(input.mm(map).tanh().mul(scales[task])))]
            );
        }
    }

    private static double[] Weights(GradNorm weighting, double[] norms, double[] losses, int epoch = 0)
    {
        using var scope = torch.NewDisposeScope();
        var tasks = norms.Length == 2 ? Two : StepContexts.Regressions(norms.Length);
        var rows = torch.diag(torch.tensor(norms, ScalarType.Float64));
        using var gradients = TaskGradients.OfRows(tasks, rows);
        weighting.Observe(gradients, StepContexts.At(epoch: epoch));
        return weighting.Weights(StepContexts.At(epoch: epoch), losses);
    }
}
