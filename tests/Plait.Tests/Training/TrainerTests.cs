using Plait.Data;
using Plait.Networks.CrossTalk;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Optimization;
using Plait.Optimization.GradientModulation;
using Plait.Optimization.LossWeighting;
using Plait.Optimization.MultiObjective;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Training;

namespace Plait.Tests.Training;

[Collection("torch")]
public sealed class TrainerTests
{
    public static TheoryData<LossWeighting, GradientAggregator> Methods =>
        new MatrixTheoryData<LossWeighting, GradientAggregator>(
            [new Equal(), new Uncertainty(), new DynamicWeightAverage()],
            [new Sum(), new PCGrad(), new Mgda(), new Mgda(at: GradientLocation.Representation)]
        );

    [Theory]
    [MemberData(nameof(Methods))]
    public void Every_weighting_with_every_aggregator_learns_three_kinds_of_task(
        LossWeighting weighting,
        GradientAggregator aggregator
    )
    {
        using var data = SmallRuns.Data(600);
        using var held = SmallRuns.Data(300, seed: 11);
        using var train = data.Batches(64, shuffleSeed: 1);
        using var test = held.Batches(300);
        using var network = SmallRuns.Network(dropout: 0);
        var recipe = new Recipe
        {
            Weighting = weighting,
            Aggregator = aggregator,
            Optimizer = new AdamOptimizer(0.01),
            Epochs = 15,
        };
        new Trainer(network, recipe).Fit(train);
        var metrics = Evaluator.Evaluate(network, test).Metrics;
        var variance = held.TargetOf(0).Values.var().item<float>();
        Assert.True(metrics["sum", "mse"] < 0.15 * variance, $"mse {metrics["sum", "mse"]} of variance {variance}"); // the mean predictor has 1
        Assert.True(metrics["sign", "auc"] > 0.95); // chance has 0.5
        Assert.True(metrics["quadrant", "accuracy"] > 0.75); // the largest class has about 0.3
    }

    [Fact]
    public void The_network_keeps_the_epoch_with_the_best_score_and_stops_when_patience_ends()
    {
        using var data = SmallRuns.Data(32);
        using var held = SmallRuns.Data(200, seed: 11);
        using var train = data.Batches(16, shuffleSeed: 1);
        using var validation = held.Batches(200);
        using var network = new HardSharing(SmallRuns.Tasks, new Mlp(SmallRuns.Inputs, [128, 128])); // overfits 32 rows at once
        var result = new Trainer(
            network,
            new Recipe
            {
                Optimizer = new AdamOptimizer(0.02),
                Epochs = 60,
                Patience = 3,
            }
        ).Fit(train, validation);
        Assert.True(result.StoppedEarly);
        Assert.Equal(result.BestEpoch + 3, result.History[^1].Epoch);
        Assert.Equal(result.History.Max(epoch => epoch.Score), result.History[result.BestEpoch].Score);
        Assert.Equal(
            result.History[result.BestEpoch].Validation!.TotalLoss,
            Evaluator.Evaluate(network, validation).TotalLoss,
            1e-6
        );
    }

    [Fact]
    public void The_first_of_tied_epochs_is_kept_and_a_tie_is_no_progress()
    {
        using var data = SmallRuns.Data(32);
        using var source = data.Batches(32);
        using var network = SmallRuns.Network();
        var still = new Recipe
        {
            Optimizer = new SgdOptimizer(1e-30),
            Epochs = 6,
            Patience = 2,
        };

        var result = new Trainer(network, still).Fit(source, source);

        Assert.Single(result.History.Select(epoch => epoch.Score).Distinct());
        Assert.Equal((0, 3, true), (result.BestEpoch, result.History.Count, result.StoppedEarly));
    }

    [Fact]
    public void Selection_by_delta_m_scores_by_the_baseline()
    {
        using var data = SmallRuns.Data(100);
        using var source = data.Batches(50, shuffleSeed: 1);
        using var network = SmallRuns.Network();
        var baseline = Evaluator.Evaluate(network, source).Metrics;
        var result = new Trainer(
            network,
            new Recipe { Epochs = 2, Selection = CheckpointSelection.DeltaM(baseline) }
        ).Fit(source, source);
        Assert.All(
            result.History,
            epoch => Assert.Equal(DeltaM.Compute(epoch.Validation!.Metrics, baseline), epoch.Score)
        );
        Assert.True(result.History[1].Score > 0);
    }

    [Fact]
    public void A_batch_in_which_a_task_has_no_target_moves_nothing_of_that_task()
    {
        using var scope = torch.NewDisposeScope();
        var input = torch.randn(8, SmallRuns.Inputs);
        var tasks = new TaskSet(LearningTask.Regression("a"), LearningTask.Regression("b"));
        using var data = TensorData.Shared(
            tasks,
            input,
            [TaskTarget.FromRaw(torch.ones(8)), TaskTarget.FromRaw(torch.full([8], float.NaN))]
        );
        using var source = data.Batches(4);
        using var network = new HardSharing(tasks, new Mlp(SmallRuns.Inputs, [4]));
        var before = network.ParametersOf(1).Select(parameter => parameter.detach().clone()).ToArray();
        var result = new Trainer(
            network,
            new Recipe
            {
                Epochs = 2,
                Aggregator = new PCGrad(),
                Optimizer = new SgdOptimizer(),
            }
        ).Fit(source);
        Assert.All(
            before.Zip(network.ParametersOf(1)),
            pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>())
        );
        Assert.True(double.IsNaN(result.History[0].TrainingLosses[1]));
        Assert.True(double.IsFinite(result.History[0].TrainingLosses[0]));
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_another_one_others()
    {
        using var data = SmallRuns.Data(100);
        Assert.Equal(Train(seed: 1), Train(seed: 1));
        Assert.NotEqual(Train(seed: 1), Train(seed: 2));

        byte[] Train(long seed)
        {
            using var source = data.Batches(32, shuffleSeed: 1);
            using var network = SmallRuns.Network(dropout: 0.5);
            new Trainer(network, new Recipe { Epochs = 2, Seed = seed }).Fit(source);
            return SmallRuns.Bits(network);
        }
    }

    [Fact]
    public void An_optimizer_that_looks_several_times_a_step_learns_too()
    {
        using var data = SmallRuns.Data(200);
        using var source = data.Batches(200);
        using var network = SmallRuns.Network(dropout: 0);
        var before = Evaluator.Evaluate(network, source).TotalLoss;
        new Trainer(
            network,
            new Recipe
            {
                Epochs = 5,
                Optimizer = new TorchOptimizer(parameters => torch.optim.LBFGS(parameters, lr: 0.5)),
            }
        ).Fit(source);
        Assert.True(Evaluator.Evaluate(network, source).TotalLoss < 0.5 * before);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void An_optimizer_that_knows_one_learning_rate_refuses_parameters_that_ask_for_another(double rate)
    {
        using var data = SmallRuns.Data(20);
        using var source = data.Batches(10);
        using var network = new CrossStitch(SmallRuns.Tasks, new Mlp(SmallRuns.Inputs, [4]), rate: rate);
        var optimizer = new TorchOptimizer(parameters => torch.optim.RMSProp(parameters, 1e-3));
        var trainer = new Trainer(network, new Recipe { Epochs = 1, Optimizer = optimizer });
        if (rate == 1)
        {
            Assert.Single(trainer.Fit(source).History);
            return;
        }

        var fault = Assert.Throws<NotSupportedException>(() => trainer.Fit(source));
        Assert.Contains("Adam, AdamW or Sgd", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fit_async_trains_on_another_thread_and_stops_when_cancelled()
    {
        using var data = SmallRuns.Data(100);
        using var source = data.Batches(10, shuffleSeed: 1);
        using var network = SmallRuns.Network();
        using var cancellation = new CancellationTokenSource();
        var trainer = new Trainer(network, new Recipe { Epochs = 1_000_000 }) { ProgressInterval = TimeSpan.Zero };
        var training = trainer.FitAsync(
            source,
            null,
            new SmallRuns.Listener(_ => cancellation.Cancel()),
            cancellation.Token
        );
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => training);
    }

    [Fact]
    public void Data_of_other_tasks_is_refused()
    {
        using var data = SmallRuns.Data(20);
        using var source = data.Batches(10);
        using var network = new HardSharing(
            new TaskSet(LearningTask.Regression("other")),
            new Mlp(SmallRuns.Inputs, [4])
        );
        var failure = Assert.Throws<ArgumentException>(() => new Trainer(network, new Recipe()).Fit(source));
        Assert.Contains("other", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_thousand_steps_leave_no_tensor_behind()
    {
        using var data = SmallRuns.Data(100);
        using var source = data.Batches(10, shuffleSeed: 1);
        using var network = SmallRuns.Network();
        var counts = new List<long>();
        var recipe = new Recipe
        {
            Epochs = 1000,
            Weighting = new Uncertainty(),
            Aggregator = new PCGrad(),
        };
        new Trainer(network, recipe).Fit(
            source,
            progress: new SmallRuns.Listener(progress =>
            {
                if (progress.Finished is not null)
                {
                    counts.Add(Tensor.TotalCount);
                }
            })
        );
        Assert.Equal(1000, counts.Count);
        Assert.True(counts[^1] - counts[10] < 50, $"{counts[^1] - counts[10]} tensors more"); // fewer where others' garbage went meanwhile
    }
}
