using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Optimization;
using Plait.Relationships.Grouping;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tests.Data;
using Plait.Tests.Optimization;
using Plait.Tests.Training;
using Plait.Training;

namespace Plait.Relationships.Tests;

[Collection("torch")]
public sealed class AffinityCallbackTests
{
    private static readonly TaskSet Tasks = new(
        LearningTask.Regression("one"),
        LearningTask.Regression("same"),
        LearningTask.Regression("other")
    );

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void The_affinity_is_the_relative_fall_of_the_loss_after_a_step_for_one_task(bool perRate, bool momentum)
    {
        const double Rate = 0.1;
        using var data = Data(rows: 32);
        using var network = new HardSharing(Tasks, new Mlp(4, [6]));
        using var batch = Batch(data);
        using var velocity = torch
            .randn(network.parameters().Sum(one => one.numel()), generator: new torch.Generator(3, torch.CPU))
            .mul(0.1);
        var training = Look(network, batch, Rate, velocity, weightDecay: 0.5);
        var observer = new InterTaskAffinity(share: 1, perRate: perRate, momentum: momentum);
        observer.Begin(Tasks);
        var before = training.Storage.Values.clone();

        observer.Observe(training, StepContexts.At());

        Assert.True(before.equal(training.Storage.Values).all().item<bool>());
        var start = training.Losses(training.Objective).Numbers.ToArray();
        var encoder = network.SharedParameters.ToArray();
        for (var by = 0; by < Tasks.Count; by++)
        {
            training.Storage.ZeroGradients();
            training.Losses(training.Objective).Scalars[by].backward();
            using (torch.no_grad())
            {
                var place = 0L;
                foreach (var parameter in encoder)
                {
                    var step = parameter.grad!.clone();
                    if (momentum)
                    {
                        step.add_(velocity.narrow(0, place, parameter.numel()).view_as(parameter))
                            .add_(parameter, alpha: 0.5);
                    }

                    parameter.sub_(step.mul(Rate));
                    place += parameter.numel();
                }
            }

            var after = training.Losses(training.Objective).Numbers.ToArray();
            for (var affected = 0; affected < Tasks.Count; affected++)
            {
                Assert.Equal(
                    (1 - (after[affected] / start[affected])) / (perRate ? Rate : 1),
                    observer.Measured[affected, by],
                    1e-4
                );
            }

            using (torch.no_grad())
            {
                training.Storage.Values.copy_(before);
            }
        }
    }

    [Theory]
    [InlineData(1e-3)]
    [InlineData(1e-12)]
    public void Looks_at_small_rates_count_as_much_as_those_at_large_ones(double late)
    {
        using var first = Data(rows: 64, seed: 1);
        using var second = Data(rows: 64, seed: 2);
        using var network = new HardSharing(Tasks, new Mlp(4, [6]));
        var (early, later, both) = (At(first), At(second), At(first));
        both.Observe(Look(network, Batch(second), late), StepContexts.At());

        for (var row = 0; row < Tasks.Count; row++)
        {
            for (var column = 0; column < Tasks.Count; column++)
            {
                var mean = (early.Measured[row, column] + later.Measured[row, column]) / 2;
                Assert.InRange(both.Measured[row, column], mean - 0.02, mean + 0.02);
            }
        }

        Assert.True(Math.Abs(early.Measured[0, 2] - later.Measured[0, 2]) > 0.1, "The batches tell nothing apart.");

        InterTaskAffinity At(TensorData data)
        {
            var observer = new InterTaskAffinity(share: 1);
            observer.Begin(Tasks);
            observer.Observe(Look(network, Batch(data), learningRate: 0.01), StepContexts.At());
            return observer;
        }
    }

    [Fact]
    public void A_look_before_any_step_had_a_rate_does_not_count()
    {
        using var data = Data(rows: 32);
        using var network = new HardSharing(Tasks, new Mlp(4, [6]));
        using var batch = Batch(data);
        var observer = new InterTaskAffinity(share: 1);
        observer.Begin(Tasks);
        observer.Observe(Look(network, batch, learningRate: 0), StepContexts.At());
        Assert.Throws<InvalidOperationException>(() => observer.Measured);

        observer.Observe(Look(network, batch, learningRate: 0.01), StepContexts.At());

        Assert.True(observer.Measured[0, 0] > 0);
    }

    [Fact]
    public void The_cosine_is_that_of_the_shared_gradients_on_the_share_of_rows()
    {
        using var data = Data(rows: 32);
        using var network = new HardSharing(Tasks, new Mlp(4, [6]));
        using var batch = Batch(data);
        using var quarter = data.Subset([.. Enumerable.Range(0, 8).Select(row => (long)row)]);
        using var looked = Batch(quarter);
        var observer = new GradientCosine(share: 0.25);
        observer.Begin(Tasks);

        observer.Observe(Look(network, batch, learningRate: 0.1), StepContexts.At());

        var gradients = Tasks
            .Select(
                (_, task) =>
                {
                    network.zero_grad();
                    Losses(network.Forward(looked, Tasks.All), looked).Scalars[task].backward();
                    return network.SharedParameters.SelectMany(one => Plait.Torch.Numbers.Read(one.grad!)).ToArray();
                }
            )
            .ToArray();
        for (var i = 0; i < Tasks.Count; i++)
        {
            for (var j = 0; j < Tasks.Count; j++)
            {
                var cosine =
                    Dot(gradients[i], gradients[j])
                    / Math.Sqrt(Dot(gradients[i], gradients[i]) * Dot(gradients[j], gradients[j]));
                Assert.Equal(cosine, observer.Measured[i, j], 1e-4);
            }
        }

        static double Dot(double[] left, double[] right) => left.Zip(right, (x, y) => x * y).Sum();
    }

    [Theory]
    [InlineData("tag")]
    [InlineData("gradient-cosine")]
    public void Looking_changes_no_bit_of_a_training(string method)
    {
        using var data = Data(rows: 64);
        var plain = Train(data, []);
        var looked = Train(data, [Plait.Catalogue.MethodCatalog.Create<TrainingCallback>($"{method}:interval=2")]);

        Assert.Equal(plain, looked);
    }

    [Theory]
    [InlineData("tag")]
    [InlineData("gradient-cosine")]
    public void Tasks_that_pull_together_score_above_those_that_do_not(string method)
    {
        using var data = Data(rows: 256);
        var observer = Plait.Catalogue.MethodCatalog.Create<TrainingCallback>($"{method}:interval=3");

        Train(data, [observer]);

        var measured = ((AffinityCallback)observer).Measured;
        Assert.True(measured[0, 1] > measured[0, 2]);
        Assert.True(measured[1, 0] > measured[1, 2]);
    }

    [Fact]
    public void A_training_that_is_measured_goes_on_to_the_bit_after_a_stop()
    {
        using var data = MixedRows.Data();
        using var train = data.Batches(8, shuffleSeed: 1);

        Resumption.AssertSameBits(
            () => new Recipe { Epochs = 6, Callbacks = [new GradientCosine(interval: 2), new InterTaskAffinity()] },
            () =>
            {
                torch.manual_seed(5);
                return new HardSharing(MixedRows.Tasks, new Mlp(MixedRows.Width, [12]));
            },
            train,
            validation: train
        );
    }

    [Fact]
    public void Its_state_survives_a_checkpoint()
    {
        using var data = Data(rows: 64);
        var first = new InterTaskAffinity(interval: 1);
        Train(data, [first]);
        var state = new Plait.Torch.StateDictionary();
        first.Save(state);
        var second = new InterTaskAffinity(interval: 1);
        second.Begin(Tasks);
        second.Load(state);

        Assert.Equal(first.Measured.Values.ToArray(), second.Measured.Values.ToArray());
        using var network = new HardSharing(Tasks, new Mlp(4, [6]));
        using var batch = Batch(data);
        first.Observe(Look(network, batch, learningRate: 1e-12), StepContexts.At());
        second.Observe(Look(network, batch, learningRate: 1e-12), StepContexts.At());
        Assert.Equal(first.Measured.Values.ToArray(), second.Measured.Values.ToArray());
    }

    [Fact]
    public void Tasks_never_seen_together_are_named()
    {
        var observer = new GradientCosine();
        observer.Begin(Tasks);

        var fault = Assert.Throws<InvalidOperationException>(() => observer.Measured);

        Assert.Contains("'one'", fault.Message);
    }

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0)]
    [InlineData(1, 1.5)]
    public void Options_out_of_range_are_refused(int interval, double share) =>
        Assert.Throws<ArgumentException>(() => new InterTaskAffinity(interval, share));

    private static InnerProblem Look(
        HardSharing network,
        MultiTaskBatch batch,
        double learningRate,
        Tensor? velocity = null,
        double weightDecay = 0
    ) =>
        new(
            network,
            new DataObjective(network, [], [batch], _ => [batch], StepContexts.At()),
            learningRate,
            velocity,
            weightDecay
        );

    private static TaskLosses Losses(TaskOutputs outputs, MultiTaskBatch batch) =>
        new(batch.Tasks, Tasks.Select((task, i) => task.Loss.Compute(outputs[i], batch.TargetOf(i))));

    private static MultiTaskBatch Batch(TensorData data) =>
        MultiTaskBatch.Shared(Tasks.All, data.Input, [.. Tasks.Select((_, i) => data.TargetOf(i))]);

    private static double[] Train(TensorData data, IReadOnlyList<TrainingCallback> observers)
    {
        torch.manual_seed(5);
        using var network = new HardSharing(Tasks, new Mlp(4, [8], dropout: 0.2));
        using var batches = data.Batches(16, shuffleSeed: 1);
        new Trainer(
            network,
            new Recipe
            {
                Epochs = 20,
                Optimizer = new AdamOptimizer(0.01),
                Seed = 3,
                Callbacks = observers,
            }
        ).Fit(batches);
        return [.. network.parameters().SelectMany(parameter => Plait.Torch.Numbers.Read(parameter))];
    }

    /// <summary>The second task is the first one with noise; the third looks at other features.</summary>
    private static TensorData Data(int rows, int seed = 7)
    {
        using var scope = torch.NewDisposeScope();
        var random = new torch.Generator((ulong)seed, torch.CPU);
        var input = torch.randn(rows, 4, generator: random);
        var signal = input.select(1, 0).add(input.select(1, 1)).tanh();
        var own = input.select(1, 2).mul(input.select(1, 3));
        Tensor[] targets = [signal, signal.add(torch.randn(rows, generator: random), 0.1), own.sub(signal)];
        return TensorData.Shared(Tasks, input, [.. targets.Select(target => TaskTarget.Of(target.unsqueeze(1)))]);
    }
}
