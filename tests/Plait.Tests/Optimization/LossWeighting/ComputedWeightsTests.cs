using CsCheck;
using Plait.Optimization;
using Plait.Optimization.LossWeighting;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Tests.Optimization.LossWeighting;

/// <summary>Weightings that are formulas of the losses, and random ones.</summary>
[Collection("torch")]
public sealed class ComputedWeightsTests
{
    private static readonly Gen<double[]> Values = Gen.Double[-12, 12].Select(x => Math.Pow(10, x)).Array[4];

    [Fact]
    public void Fixed_weights_are_the_given_ones_of_the_tasks_in_the_step()
    {
        var weighting = new Fixed([0.3, 0, 0.7]).Begun(3);

        Assert.Equal([0.3, 0, 0.7], weighting.Weights(StepContexts.At(), 5, 6, 7));
        Assert.Equal([0.3, 0.7], weighting.Weights(StepContexts.Regressions(3).Select(0, 2), StepContexts.At(), 5, 7));
    }

    [Fact]
    public void Loss_balanced_weights_are_roots_of_what_is_left_since_the_epochs_first_batch()
    {
        var weighting = new LossBalancedTaskWeighting().Begun();

        Assert.Equal([1, 1], weighting.Weights(StepContexts.At(), 4, 1));
        Weighted.AssertClose([0.5, 3], weighting.Weights(StepContexts.At(1), 1, 9));
        Assert.Equal([1, 1], weighting.Weights(StepContexts.At(2, epoch: 1), 1, 9));
        Weighted.AssertClose([2, 1], weighting.Weights(StepContexts.At(3, epoch: 1), 4, 9));
    }

    [Fact]
    public void Geometric_weights_make_every_weighted_loss_alike_at_any_scale() =>
        Values.Sample(
            losses =>
            {
                var weights = new GeometricLoss().Begun(4).Weights(StepContexts.At(), losses);

                var mean = Math.Pow(10, losses.Average(Math.Log10));
                Weighted.AssertClose([1, 1, 1, 1], [.. weights.Zip(losses, (w, loss) => 4 * w * loss / mean)], 1e-9);
            },
            iter: 50,
            threads: 1
        );

    [Fact]
    public void A_geometric_focus_multiplies_by_the_mean_of_the_tasks_in_it()
    {
        // (2 · 8)^(1/2) · 8^(1/1), derivatives by the losses 2 and 8.
        Weighted.AssertClose([32 / 4.0, 32 * 1.5 / 8], new GeometricLoss([1]).Begun().Weights(StepContexts.At(), 2, 8));
    }

    [Fact]
    public void The_worst_loss_takes_all_the_weight_and_a_smooth_bound_of_it_nearly_all()
    {
        double[] ideal = [0, 4, 1];
        var hard = new Tchebycheff(0, [1, 1, 2], ideal).Begun(3);
        var smooth = new Tchebycheff(0.01, [1, 1, 2], ideal).Begun(3);

        // λ = 3/4, 3/4, 3/2 on 3, 1 and 2 above the ideal
        Weighted.AssertClose([0, 0, 1.5], hard.Weights(StepContexts.At(), 3, 5, 3));
        Weighted.AssertClose([0, 0, 1.5], smooth.Weights(StepContexts.At(), 3, 5, 3), 1e-9);
        Weighted.AssertClose(
            [0.5, 0.5],
            new Tchebycheff(100, null, null).Begun().Weights(StepContexts.At(), 1e-3, -1e-3),
            1e-4
        );
    }

    [Fact]
    public void A_smooth_maximum_is_above_the_maximum_by_mu_log_T_at_most() =>
        Gen.Double[-5, 5]
            .Array[5]
            .Sample(
                losses =>
                {
                    using var scope = torch.NewDisposeScope();
                    var given = Weighted.Losses(StepContexts.Regressions(5).All, losses);
                    var bound = new Tchebycheff(0.3).Begun(5).Weigh(given, StepContexts.At()).item<double>();

                    Assert.InRange(bound - losses.Max(), 0, (0.3 * Math.Log(5)) + 1e-12);
                },
                iter: 20,
                threads: 1
            );

    [Fact]
    public void Smooth_Tchebycheff_warms_up_on_logarithms_and_then_favours_what_fell_least()
    {
        var weighting = new SmoothTchebycheff(mu: 0.5, warmup: 2).Begun();

        Weighted.AssertClose([0.5, 0.1], weighting.Weights(StepContexts.At(epoch: 1), 2, 10));
        weighting.EndEpoch(new EpochOutcome(0, [7, 7], null));
        weighting.EndEpoch(new EpochOutcome(1, [2, 10], null));
        var weights = weighting.Weights(StepContexts.At(epoch: 2), 1, 10);

        // T softmax(log(L / n) / μ) / L with (1/2)² and 1² in the softmax
        Weighted.AssertClose([2 * 0.25 / 1.25 / 1, 2 * 1 / 1.25 / 10], weights);
    }

    [Theory]
    [InlineData(WeightDistribution.Normal)]
    [InlineData(WeightDistribution.Uniform)]
    [InlineData(WeightDistribution.Dirichlet)]
    [InlineData(WeightDistribution.Bernoulli)]
    [InlineData(WeightDistribution.ConstrainedBernoulli)]
    public void Random_weights_have_mean_one_in_each_step_and_each_task_over_the_steps(WeightDistribution distribution)
    {
        const int Draws = 4000;
        using var scope = torch.NewDisposeScope();
        var weighting = new RandomLossWeighting(distribution).Begun(3);
        var losses = Weighted.Losses(StepContexts.Regressions(3).All, 1, 1, 1); // the objective is the weights
        var sums = new double[3];
        var squares = 0.0;
        for (var step = 0; step < Draws; step++)
        {
            using var inner = torch.NewDisposeScope();
            var weights = Plait.Torch.Numbers.Read(weighting.Weigh(losses, StepContexts.At(step)));
            Assert.Equal(3, weights.Sum(), 9);
            Assert.All(weights, weight => Assert.InRange(weight, 0, 3));
            squares += weights[0] * weights[0];
            for (var task = 0; task < 3; task++)
            {
                sums[task] += weights[task] / Draws;
            }
        }

        Assert.All(sums, mean => Assert.InRange(mean, 0.92, 1.08));
        var expected = distribution switch
        {
            WeightDistribution.ConstrainedBernoulli => 3.0, // 9 in a third of the steps
            WeightDistribution.Bernoulli => 13.5 / 7, // 9, 2 · 9/4 and 1 in 7 outcomes
            WeightDistribution.Dirichlet => 1.5, // 9 · E[share²] = 9 · 2 / (3 · 4)
            _ => double.NaN,
        };
        Assert.True(double.IsNaN(expected) || Math.Abs((squares / Draws) - expected) < 0.15, $"{squares / Draws}");
    }

    [Fact]
    public void Random_weights_are_a_function_of_seed_and_step()
    {
        var weighting = new RandomLossWeighting().Begun();
        var weights = weighting.Weights(StepContexts.At(3), 1, 1);

        Assert.Equal(weights, new RandomLossWeighting().Begun().Weights(StepContexts.At(3), 9, 9));
        Assert.NotEqual(weights, weighting.Weights(StepContexts.At(4), 1, 1));
        Assert.NotEqual(weights, weighting.Weights(StepContexts.At(3, seed: 8), 1, 1));
    }

    [Fact]
    public void Task_prioritization_weighs_by_the_focal_loss_of_the_running_indicator()
    {
        var tasks = new TaskSet(
            LearningTask.Classification("kind", 3),
            LearningTask.Classification("colour", 3),
            LearningTask.Regression("price")
        );
        var weighting = new DynamicTaskPrioritization([2, 1, 0]);
        weighting.Begin(tasks, torch.CPU);

        Assert.Equal([1, 1, 1], weighting.Weights(tasks.All, StepContexts.At(), 1, 1, 1));
        End(0, 0.5, 0, 4);
        Weighted.AssertClose(
            [0.25 * Math.Log(2), -0.99 * Math.Log(0.01), Math.Log(2)],
            weighting.Weights(tasks.All, StepContexts.At(), 1, 1, 1)
        );
        End(1, 0.75, 1, 1); // running means 0.625, 0.5 and (0.5 + 0.8) / 2
        Weighted.AssertClose(
            [-0.375 * 0.375 * Math.Log(0.625), 0.5 * Math.Log(2), -Math.Log(0.65)],
            weighting.Weights(tasks.All, StepContexts.At(), 1, 1, 1)
        );

        void End(int epoch, double first, double second, double error) =>
            weighting.EndEpoch(
                new EpochOutcome(
                    epoch,
                    [1, 1, 1],
                    new Evaluation(
                        [1, 1, 1],
                        new TaskMetrics(
                            tasks,
                            [
                                [first],
                                [second],
                                [error, error],
                            ]
                        )
                    )
                )
            );
    }

    [Fact]
    public void Task_prioritization_from_training_reads_the_probability_of_the_true_class_off_the_loss()
    {
        var tasks = new TaskSet(LearningTask.Classification("kind", 3), LearningTask.Regression("price"));
        var weighting = new DynamicTaskPrioritization(rate: 1, kpi: PerformanceIndicator.Training);
        weighting.Begin(tasks, torch.CPU);

        var (easy, hard) = (Math.Exp(-0.1), Math.Exp(-2.0));
        Weighted.AssertClose(
            [(1 - hard) * 2, 0.5 * Math.Log(2)],
            weighting.Weights(tasks.All, StepContexts.At(), 2, 7)
        );
        Weighted.AssertClose(
            [(1 - easy) * 0.1, -0.25 * Math.Log(0.75)],
            weighting.Weights(tasks.All, StepContexts.At(1), 0.1, 7 / 3.0)
        );
    }

    /// <summary>An error of zero is no yardstick for later ones: the first above it is.</summary>
    [Fact]
    public void Task_prioritization_measures_errors_by_the_first_that_is_one()
    {
        var weighting = new DynamicTaskPrioritization(rate: 1, kpi: PerformanceIndicator.Training).Begun();

        Weighted.AssertClose(
            [0, -0.5 * Math.Log(0.5)],
            weighting.Weights(StepContexts.Regressions(2).All, StepContexts.At(), 0, 7)
        );
        Weighted.AssertClose(
            [-0.5 * Math.Log(0.5), -0.25 * Math.Log(0.75)],
            weighting.Weights(StepContexts.Regressions(2).All, StepContexts.At(1), 3, 7 / 3.0)
        );
    }

    [Fact]
    public void Task_prioritization_from_validation_says_so_where_there_is_none()
    {
        var refused = Assert.Throws<InvalidOperationException>(() =>
            new DynamicTaskPrioritization().Begun().EndEpoch(new EpochOutcome(0, [1, 1], null))
        );

        Assert.Contains("dtp:kpi=training", refused.Message, StringComparison.Ordinal);
    }
}
