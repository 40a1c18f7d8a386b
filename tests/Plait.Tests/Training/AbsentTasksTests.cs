using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.SingleTasking;
using Plait.Optimization.LossWeighting;
using Plait.Optimization.Regularization;
using Plait.Optimization.Scheduling;
using Plait.Torch;
using Plait.Training;
using TorchSharp.Modules;
using static TorchSharp.torch.optim;

namespace Plait.Tests.Training;

/// <summary>What belongs to a task that takes no part in a step stands still, as a parameter without a gradient does in PyTorch.</summary>
[Collection("torch")]
public sealed class AbsentTasksTests
{
    private const int Steps = 13;

    public static TheoryData<string> Kinds => ["adam", "adamw", "sgd", "rmsprop"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Nothing_of_an_absent_task_moves_nor_what_is_learned_of_it(string kind)
    {
        using var data = SmallRuns.Data(32);
        using var source = data.Batches(32);
        using var network = SmallRuns.Network(dropout: 0);
        var recipe = RoundRobin(kind);
        var before = new List<byte[]>();
        var step = 0;
        new Trainer(network, recipe) { ProgressInterval = TimeSpan.Zero }.Fit(
            source,
            progress: new SmallRuns.Listener(progress =>
            {
                if (progress.Finished is not null || progress.Notice is not null || progress.Gradients is not null)
                {
                    return;
                }

                var now = OwnOf(network, recipe.Weighting);
                for (var task = 0; task < now.Count && step > 0; task++)
                {
                    var took = task == (step - 1) % now.Count;
                    Assert.True(took != now[task].SequenceEqual(before[task]), $"step {step}, task {task}");
                }

                before = now;
                step++;
            })
        );
        Assert.True(step > Steps);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_run_in_turns_equals_a_plain_loop_that_takes_absent_gradients_away(string kind)
    {
        using var scope = torch.NewDisposeScope();
        using var data = SmallRuns.Data(32);
        using var source = data.Batches(32);
        using var ours = SmallRuns.Network(dropout: 0);
        using var plain = SmallRuns.Network(dropout: 0);
        var recipe = RoundRobin(kind);

        new Trainer(ours, recipe).Fit(source);
        var noise = PlainLoop(plain, source, kind, recipe.Epochs * 3);

        Assert.All(
            ours.parameters().Zip(plain.parameters()),
            pair => Assert.True(pair.First.sub(pair.Second).abs().max().item<float>() < 1e-5)
        );
        Assert.All(
            Learned(recipe.Weighting).Zip(noise),
            pair => Assert.Equal(pair.Second.item<float>(), pair.First, 1e-5)
        );
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_run_in_turns_stopped_at_odd_steps_resumes_in_the_same_bits(string kind)
    {
        using var data = SmallRuns.Data(96);
        using var train = data.Batches(32, shuffleSeed: 5);
        Resumption.AssertSameBits(() => RoundRobin(kind), () => SmallRuns.Network(), train, validation: null);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_penalty_gives_absent_tasks_a_gradient_where_it_reaches_and_nowhere_else(string kind)
    {
        using var data = SmallRuns.Data(32);
        using var source = data.Batches(32);
        using var network = new SingleTask(SmallRuns.Tasks, new Mlp(SmallRuns.Inputs, [5]));
        var recipe = RoundRobin(kind) with { Regularizers = [new SoftSharing(1)], Epochs = 2 };
        var before = new List<byte[]>();
        var step = 0;
        new Trainer(network, recipe) { ProgressInterval = TimeSpan.Zero }.Fit(
            source,
            progress: new SmallRuns.Listener(progress =>
            {
                if (progress.StepInEpoch > 2 || progress.Finished is not null || progress.Gradients is not null)
                {
                    return;
                }

                List<byte[]> now = [.. network.ParametersOf(2).Select(one => one.bytes.ToArray())]; // encoder, then head
                if (step is 1 or 2 or 4 or 5) // a step of another task lies behind
                {
                    Assert.NotEqual(before[0], now[0]);
                    Assert.Equal(before[^2..], now[^2..]); // four classes: it has no like among the other heads
                }

                before = now;
                step++;
            })
        );
        Assert.Equal(6, step);
    }

    private static Recipe RoundRobin(string kind) =>
        new()
        {
            Epochs = (Steps / 3) + 2,
            GradientRecordInterval = 0,
            Schedule = new RoundRobin(),
            Weighting = new Uncertainty(),
            Optimizer = kind switch
            {
                "adam" => new AdamOptimizer(0.01, weightDecay: 0.1),
                "adamw" => new AdamWOptimizer(0.01, weightDecay: 0.1),
                "sgd" => new SgdOptimizer(0.01, momentum: 0.9, weightDecay: 0.1),
                "rmsprop" => new TorchOptimizer(parameters => RMSProp(parameters, 0.01, momentum: 0.9)),
                _ => throw new ArgumentOutOfRangeException(nameof(kind)),
            },
        };

    private static Optimizer Plain(string kind, IEnumerable<Parameter> parameters, bool decays) =>
        kind switch
        {
            "adam" => torch.optim.Adam(parameters, 0.01, weight_decay: decays ? 0.1 : 0),
            "adamw" => torch.optim.AdamW(parameters, 0.01, weight_decay: decays ? 0.1 : 0),
            "sgd" => SGD(parameters, 0.01, 0.9, weight_decay: decays ? 0.1 : 0),
            "rmsprop" => RMSProp(parameters, 0.01, momentum: 0.9),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

    /// <summary>Trains one task a step with TorchSharp's means alone; returns the log-variances.</summary>
    private static Parameter[] PlainLoop(MultiTaskNetwork network, MultiTaskDataLoader source, string kind, int steps)
    {
        Parameter[] noise = [.. network.Tasks.Select(_ => new Parameter(torch.zeros([])))];
        using var optimizer = Plain(kind, network.parameters(), decays: true);
        using var ofNoise = Plain(kind, noise, decays: false);
        for (var step = 0; step < steps; step++)
        {
            var task = step % network.Tasks.Count;
            foreach (var parameter in network.parameters().Concat(noise))
            {
                parameter.grad = null;
            }

            using var batch = source.Read(network.Tasks.Select(task), new long[network.Tasks.Count]);
            var output = network.Forward(batch, batch.Tasks)[task];
            var loss = network.Tasks[task].Loss.Compute(output, batch.TargetOf(task));
            var scale = task == 0 ? 0.5 : 1; // Kendall et al.: a regression, and two classifications
            loss.mul(noise[task].neg().exp()).mul(scale).add(noise[task].mul(0.5)).backward();
            optimizer.step();
            ofNoise.step();
        }

        return noise;
    }

    /// <summary>For each task the bits of its private parameters and of what is learned of it.</summary>
    private static List<byte[]> OwnOf(MultiTaskNetwork network, LossWeighting weighting) =>
        [
            .. Learned(weighting)
                .Select(
                    (learned, task) =>
                        network
                            .ParametersOf(task)
                            .SelectMany(parameter => parameter.bytes.ToArray())
                            .Concat(BitConverter.GetBytes(learned))
                            .ToArray()
                ),
        ];

    private static float[] Learned(LossWeighting weighting) =>
        [.. weighting.Parameters.SelectMany(parameter => Numbers.Read(parameter)).Select(number => (float)number)];
}
