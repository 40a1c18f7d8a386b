using Plait.Data;
using Plait.Optimization;
using Plait.Optimization.LossWeighting;
using Plait.Tests.Optimization;
using Plait.Torch;
using Plait.Training;

namespace Plait.Tests.Training;

/// <summary>A training that has lost its parameters, or learned nothing, is a failure that says what to do.</summary>
[Collection("torch")]
public sealed class LostTrainingsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("plait-lost").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_step_that_loses_the_parameters_ends_the_training_and_no_checkpoint_holds_them()
    {
        using var data = SmallRuns.Data(40);
        using var source = data.Batches(10);
        using var network = SmallRuns.Network(dropout: 0);
        var recipe = new Recipe
        {
            Optimizer = new SgdOptimizer(0.01),
            LearningRateSchedule = new(
                optimizer => torch.optim.lr_scheduler.LambdaLR(optimizer, step => step < 3 ? 1 : 1e41),
                EveryStep: true
            ),
        };
        var trainer = new Trainer(network, recipe)
        {
            Checkpoints = new CheckpointFolder(folder),
            CheckpointInterval = TimeSpan.Zero,
        };

        var failure = Assert.Throws<NonFiniteException>(() => trainer.Fit(source, source));

        Assert.Equal("parameters", failure.What);
        Assert.Contains("learning rate 1E+39", failure.Message, StringComparison.Ordinal);
        Assert.Contains("--clip-norm", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
        using var kept = SmallRuns.Network();
        var (state, _) = SafeTensorsFile.Read(Path.Combine(folder, "checkpoint.safetensors"));
        NetworkState.Put(kept, state.Part("network"));
        Assert.All(kept.parameters(), parameter => Assert.True(parameter.isfinite().all().item<bool>()));
    }

    [Fact]
    public void Parameters_so_large_that_no_loss_can_be_computed_are_no_result()
    {
        using var data = SmallRuns.Data(40);
        using var source = data.Batches(40);
        using var network = SmallRuns.Network(dropout: 0);
        var recipe = new Recipe { Optimizer = new AdamOptimizer(1e30), Epochs = 1 };

        var failure = Assert.Throws<NonFiniteException>(() => new Trainer(network, recipe).Fit(source, source));

        Assert.Contains("so nothing was learned. Lower the learning rate", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "the shared parameters")]
    [InlineData(1, "the parameters of task 'sign'")]
    public void Whose_parameters_are_lost_is_named(int? task, string expected)
    {
        using var network = SmallRuns.Network();
        var storage = network.Storage;
        using var optimizer = new RunOptimizer(new Recipe { Optimizer = new SgdOptimizer(1e30) }, network);
        storage.ZeroGradients();
        optimizer.DetachAbsent(network.Tasks.All);
        var start = task is null ? 0 : storage.RangeOf(task.Value).Start;
        storage.Gradients.narrow(0, start, 1).fill_(1e30f);

        var failure = Assert.Throws<NonFiniteException>(() => optimizer.Step(StepContexts.At(), () => torch.zeros(1)));

        Assert.Equal(task is null ? null : "sign", failure.Task);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_whose_sum_alone_overflows_are_finite()
    {
        using var numbers = torch.full(8, 3e38f);
        Assert.True(FiniteParameters.Are(numbers));
    }

    [Fact]
    public void What_a_part_of_the_recipe_learns_is_looked_at_too()
    {
        using var network = SmallRuns.Network();
        var weighting = new Uncertainty();
        weighting.Begin(network);
        var storage = network.Storage;
        using var optimizer = new RunOptimizer(
            new Recipe { Optimizer = new SgdOptimizer(1e30), Weighting = weighting },
            network
        );
        optimizer.DetachLearned();
        storage.ZeroGradients();
        weighting.Parameters[1].grad = torch.tensor(1e30f);

        var failure = Assert.Throws<NonFiniteException>(() => optimizer.Step(StepContexts.At(), () => torch.zeros(1)));

        Assert.Contains("what Uncertainty learns", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_epoch_without_a_step_is_a_failure_however_few_its_steps()
    {
        using var network = SmallRuns.Network(dropout: 0);
        using var source = Poisoned(rows: 20, poisoned: 20);

        var failure = Assert.Throws<NonFiniteException>(() =>
            new Trainer(network, new Recipe { Epochs = 1 }).Fit(source, source)
        );

        Assert.Equal(("sum", "loss"), (failure.Task, failure.What));
        Assert.StartsWith("None of the 4 steps of epoch 1 could be taken. The loss of task 'sum'", failure.Message);
    }

    [Fact]
    public void A_training_stopped_between_skipped_steps_fails_as_one_that_went_through()
    {
        using var network = SmallRuns.Network(dropout: 0);
        using var source = Poisoned(rows: 20, poisoned: 20);
        using var stop = new CancellationTokenSource();
        var trainer = new Trainer(network, new Recipe { Epochs = 1 })
        {
            Checkpoints = new CheckpointFolder(folder),
            ProgressInterval = TimeSpan.Zero,
        };
        Assert.Throws<OperationCanceledException>(() =>
            trainer.Fit(
                source,
                progress: new SmallRuns.Listener(progress =>
                {
                    if (progress.StepInEpoch == 2)
                    {
                        stop.Cancel();
                    }
                }),
                cancel: stop.Token
            )
        );

        var failure = Assert.Throws<NonFiniteException>(() => trainer.Fit(source));

        Assert.StartsWith("None of the 4 steps of epoch 1", failure.Message);
    }

    [Fact]
    public void One_step_taken_is_enough_to_go_on()
    {
        using var network = SmallRuns.Network(dropout: 0);
        using var source = Poisoned(rows: 20, poisoned: 15);

        Assert.Equal(3, new Trainer(network, new Recipe { Epochs = 1 }).Fit(source).SkippedSteps);
    }

    private static MultiTaskDataLoader Poisoned(int rows, int poisoned)
    {
        using var scope = torch.NewDisposeScope();
        using var whole = SmallRuns.Data(rows);
        var input = whole.Input.clone();
        var data = TensorData.Shared(SmallRuns.Tasks, input, [.. Enumerable.Range(0, 3).Select(whole.TargetOf)]);
        input.narrow(0, 0, poisoned).fill_(float.PositiveInfinity); // after the look that data is given when it is made
        return data.Batches(5);
    }
}
