using Plait.Catalogue;
using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Optimization;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Training;

namespace Plait.Tests.Training;

/// <summary>A look sees what the step sees, and leaves nothing behind.</summary>
[Collection("torch")]
public sealed class LookingModeTests
{
    private static readonly TaskSet Tasks = new(LearningTask.Regression("a"), LearningTask.Regression("b"));

    /// <summary>The running statistics of a network that is two steps old are far from those of a batch.</summary>
    [Fact]
    public void Losses_of_a_look_are_those_of_the_step_with_the_statistics_of_its_batch()
    {
        using var scope = torch.NewDisposeScope();
        var look = new Losses();

        var result = Train(Images(), look, new Recipe { Optimizer = new SgdOptimizer(0.01), Epochs = 1 }).Result;

        var seen = Enumerable.Range(0, 2).Select(task => look.Seen.Average(losses => losses[task]));
        Assert.All(seen.Zip(result.History[0].TrainingLosses), pair => Assert.Equal(1, pair.First / pair.Second, 1e-5));
    }

    [Theory]
    [InlineData("hps")]
    [InlineData("snr")] // whose gates are drawn by chance
    public void A_training_that_is_looked_at_ends_in_the_same_bits(string network)
    {
        using var scope = torch.NewDisposeScope();
        var recipe = new Recipe { Epochs = 2, GradientRecordInterval = 0 };

        var plain = Train(Numbers(), null, recipe, network);
        var looked = Train(Numbers(), new Losses(passes: 3), recipe with { GradientRecordInterval = 1 }, network);

        Assert.Equal(plain.Bits, looked.Bits);
    }

    [Fact]
    public void A_network_with_statistics_of_batches_ends_in_the_same_bits_too()
    {
        using var scope = torch.NewDisposeScope();
        var recipe = new Recipe { Epochs = 2, GradientRecordInterval = 0 };

        var plain = Train(Images(), null, recipe);
        var looked = Train(Images(), new Losses(passes: 3), recipe with { GradientRecordInterval = 1 });

        Assert.Equal(plain.Bits, looked.Bits);
    }

    [Theory]
    [InlineData("hps")] // its encoder has dropout, which is off in a look
    [InlineData("snr")]
    public void All_passes_of_a_look_draw_the_same(string network)
    {
        using var scope = torch.NewDisposeScope();
        var look = new Losses(passes: 2);

        Train(Numbers(), look, new Recipe { Epochs = 1 }, network);

        Assert.All(look.Seen.Chunk(2), pair => Assert.Equal(pair[0], pair[1]));
    }

    private static (TrainingResult Result, byte[] Bits) Train(
        Tensor input,
        TrainingCallback? look,
        Recipe recipe,
        string network = "hps"
    )
    {
        torch.manual_seed(1);
        Encoder encoder =
            input.dim() == 4
                ? new TinyResNet([.. input.shape.Skip(1)], width: 4, stages: 2, blocks: 1)
                : new Mlp(input.shape[1], [8, 8], dropout: 0.5);
        using var trained = MethodCatalog.Create<MultiTaskNetwork>(network, [Tasks, encoder]);
        var first = input.flatten(1).select(1, 0);
        using var data = TensorData.Shared(Tasks, input, [TaskTarget.Of(first), TaskTarget.Of(first.square())]);
        using var source = data.Batches(8, shuffleSeed: 2);
        var result = new Trainer(trained, recipe with { Callbacks = look is null ? [] : [look] }).Fit(source);
        return (result, [.. trained.state_dict().Values.SelectMany(value => value.bytes.ToArray())]);
    }

    private static Tensor Images()
    {
        torch.manual_seed(5);
        return torch.randn(24, 3, 8, 8).mul(3).add(1);
    }

    private static Tensor Numbers()
    {
        torch.manual_seed(5);
        return torch.randn(24, 6);
    }

    private sealed class Losses(int passes = 1) : TrainingCallback
    {
        public List<double[]> Seen { get; } = [];

        public override void Observe(InnerProblem training, StepContext step)
        {
            for (var pass = 0; pass < passes; pass++)
            {
                Seen.Add([.. training.Losses(training.Objective).Numbers]);
            }
        }
    }
}
