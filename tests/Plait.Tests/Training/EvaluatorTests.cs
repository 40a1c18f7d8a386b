using Plait.Training;

namespace Plait.Tests.Training;

[Collection("torch")]
public sealed class EvaluatorTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public void The_network_is_left_in_the_mode_it_was_in(bool training, bool fails)
    {
        using var data = SmallRuns.Data(20);
        using var source = data.Batches(10);
        using var network = SmallRuns.Network();
        network.train(training);
        using var stop = new CancellationTokenSource();
        if (fails)
        {
            stop.Cancel();
            Assert.Throws<OperationCanceledException>(() => Evaluator.Evaluate(network, source, stop.Token));
        }
        else
        {
            Evaluator.Evaluate(network, source, stop.Token);
        }

        Assert.Equal(training, network.training);
        Assert.All(network.modules(), module => Assert.Equal(training, module.training));
    }

    [Fact]
    public void It_measures_in_eval_mode()
    {
        using var data = SmallRuns.Data(20);
        using var source = data.Batches(10);
        using var network = SmallRuns.Network(dropout: 0.9);
        network.train();

        Assert.Equal(Evaluator.Evaluate(network, source).Losses, Evaluator.Evaluate(network, source).Losses);
    }
}
