using Plait.Optimization;
using Plait.Optimization.MultiObjective;
using Plait.Training;

namespace Plait.Tests.Training;

[Collection("torch")]
public sealed class AccumulationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Batches_that_are_accumulated_move_the_parameters_as_one_of_all_their_rows(bool looksInside)
    {
        var small = await Train(batchSize: 8, accumulated: 4, looksInside);
        var large = await Train(batchSize: 32, accumulated: 1, looksInside);

        Assert.All(small.Zip(large), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
    }

    [Fact]
    public async Task A_look_at_the_representation_of_several_batches_is_refused()
    {
        using var data = SmallRuns.Data(32);
        using var network = SmallRuns.Network();
        var recipe = new Recipe { Aggregator = new Mgda(GradientPlace.Representation), AccumulatedBatches = 2 };

        var fault = await Assert.ThrowsAsync<ArgumentException>(() =>
            new Trainer(network, recipe).FitAsync(data.Batches(8), cancel: TestContext.Current.CancellationToken)
        );

        Assert.Contains("at the parameters", fault.Message, StringComparison.Ordinal);
    }

    private static async Task<double[]> Train(int batchSize, int accumulated, bool looksInside)
    {
        using var data = SmallRuns.Data(128);
        using var network = SmallRuns.Network(dropout: 0);
        var recipe = new Recipe
        {
            Aggregator = looksInside ? new Mgda() : new Sum(),
            Optimizer = new Sgd(0.05),
            AccumulatedBatches = accumulated,
            Epochs = 2,
        };
        await new Trainer(network, recipe).FitAsync(
            data.Batches(batchSize),
            cancel: TestContext.Current.CancellationToken
        );
        return [.. network.parameters().SelectMany(Plait.Torch.Numbers.Read)];
    }
}
