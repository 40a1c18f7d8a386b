using Plait.Catalogue;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.SingleTasking;
using Plait.Optimization;
using Plait.Optimization.LossWeighting;
using Plait.Training;

namespace Plait.Tests.Training;

/// <summary>What does not go together is refused before the first step, in words that name the method as a user writes it.</summary>
[Collection("torch")]
public sealed class RecipeCheckTests
{
    [Theory]
    [InlineData("hps", "great", "equal", null, "great takes gradients at the shared representation of the same rows")]
    [InlineData("hps", "mgda:at=representation", "equal", null, "mgda takes gradients")]
    [InlineData("hps", "graddrop:at=representation", "equal", null, "graddrop takes gradients")]
    [InlineData("hps", "sum", "gradnorm:at=representation", null, "gradnorm takes gradients")]
    [InlineData("hps", "sum", "equal", "adversarial-gradients", "adversarial-gradients reads")]
    [InlineData("hps", "sum", "equal", "amtfl", "amtfl reads")]
    public void Tasks_with_rows_of_their_own_have_no_one_representation(
        string network,
        string aggregator,
        string weighting,
        string? term,
        string why
    )
    {
        using var data = SmallRuns.PerTaskData();
        using var train = data.Batches(16);
        var fault = Assert.Throws<NotSupportedException>(() =>
            Trainer(network, aggregator, weighting, term).Check(train)
        );

        Assert.Contains(why, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cross-stitch", "upgrad:at=representation", "equal", null, "upgrad takes gradients")]
    [InlineData("cross-stitch", "sum", "gradnorm:at=representation", null, "cross-stitch has no single one")]
    [InlineData("single-task", "sum", "gradnorm", null, "write gradnorm:at=parameters")]
    [InlineData("hps", "sum", "auto-lambda", "amtfl", "leave out one of the two")]
    [InlineData("hps", "sum", "auto-lambda", "adversarial-gradients", "auto-lambda looks at losses")]
    public void A_place_that_is_not_there_is_refused(
        string network,
        string aggregator,
        string weighting,
        string? term,
        string why
    )
    {
        using var data = SmallRuns.Data(32);
        using var train = data.Batches(16);
        var fault = Assert.Throws<NotSupportedException>(() =>
            Trainer(network, aggregator, weighting, term).Check(train)
        );

        Assert.Contains(why, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("great", "equal", null, "great takes gradients")]
    [InlineData("mgda:at=representation", "equal", null, "mgda takes gradients")]
    [InlineData("sum", "gradnorm:at=representation", null, "gradnorm takes gradients")]
    [InlineData("sum", "equal", "amtfl", "amtfl reads")]
    public void A_representation_of_a_frozen_trunk_has_no_gradient_to_take(
        string aggregator,
        string weighting,
        string? term,
        string why
    )
    {
        using var data = SmallRuns.Data(32);
        using var train = data.Batches(16);
        using var network = SmallRuns.Network();
        foreach (var parameter in network.SharedParameters)
        {
            parameter.requires_grad = false;
        }

        var fault = Assert.Throws<NotSupportedException>(() =>
            new Trainer(network, Recipe(aggregator, weighting, term)).Check(train)
        );

        Assert.Contains(why, fault.Message, StringComparison.Ordinal);
        Assert.Contains("no shared parameter of hps learns", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_callback_beside_a_term_that_reads_the_representation_is_refused()
    {
        using var data = SmallRuns.Data(32);
        using var train = data.Batches(16);
        using var network = SmallRuns.Network();
        var recipe = Recipe("sum", "equal", "amtfl") with { Callbacks = [new LossSums()] };

        var fault = Assert.Throws<NotSupportedException>(() => new Trainer(network, recipe).Check(train));

        Assert.Contains("LossSums looks at losses beside", fault.Message, StringComparison.Ordinal);
        Assert.Contains("amtfl", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cross-stitch")]
    [InlineData("nddr-cnn")]
    [InlineData("sluice")]
    public void A_network_that_is_to_start_from_trained_ones_is_not_trained_without_them(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var data = SmallRuns.Data(32);
        using var train = data.Batches(16);
        using var network = MethodCatalog.Create<MultiTaskNetwork>(
            $"{name}:start=single-task",
            SmallRuns.Tasks,
            new Mlp(SmallRuns.Inputs, [16, 8])
        );
        using var single = new SingleTask(SmallRuns.Tasks, new Mlp(SmallRuns.Inputs, [16, 8]));
        var trainer = new Trainer(network, Recipe("sum", "equal", null));

        var fault = Assert.Throws<NotSupportedException>(() => trainer.Check(train));

        Assert.StartsWith(
            $"{name} is to start from trained networks of single tasks",
            fault.Message,
            StringComparison.Ordinal
        );
        ((IStartsFromSingleTasks)network).StartFrom([single]);
        trainer.Check(train);
    }

    [Fact]
    public void A_place_that_is_left_open_is_open_again_in_the_next_run()
    {
        using var data = SmallRuns.Data(64);
        using var train = data.Batches(16);
        var recipe = Recipe("graddrop", "equal", null) with { Epochs = 1 };
        using var cut = SmallRuns.Network();
        new Trainer(cut, recipe).Fit(train);
        torch.manual_seed(3);
        using var joined = MethodCatalog.Create<MultiTaskNetwork>(
            "cross-stitch",
            SmallRuns.Tasks,
            new Mlp(SmallRuns.Inputs, [16, 8])
        );

        var result = new Trainer(joined, recipe with { AccumulatedBatches = 2 }).Fit(train);

        Assert.Equal(0, result.SkippedSteps);
    }

    [Theory]
    [InlineData("krum", "needs 4 tasks")]
    [InlineData("trimmed-mean", "write trimmed-mean:trim=1")]
    public void Too_few_tasks_are_known_before_training(string method, string why)
    {
        using var data = SmallRuns.Data(32);
        using var train = data.Batches(16);
        var options = method == "krum" ? "krum:byzantine=1" : "trimmed-mean:trim=2";
        var fault = Assert.Throws<ArgumentException>(() => Trainer("hps", options, "equal", null).Check(train));

        Assert.Contains(why, fault.Message, StringComparison.Ordinal);
    }

    private static Trainer Trainer(string network, string aggregator, string weighting, string? term)
    {
        torch.manual_seed(3);
        return new Trainer(
            MethodCatalog.Create<MultiTaskNetwork>(network, SmallRuns.Tasks, new Mlp(SmallRuns.Inputs, [16, 8])),
            Recipe(aggregator, weighting, term)
        );
    }

    private static Recipe Recipe(string aggregator, string weighting, string? term) =>
        new()
        {
            Aggregator = MethodCatalog.Create<GradientAggregator>(aggregator),
            Weighting = MethodCatalog.Create<LossWeighting>(weighting),
            Auxiliaries = term is null ? [] : [MethodCatalog.Create<AuxiliaryLoss>(term)],
        };
}
