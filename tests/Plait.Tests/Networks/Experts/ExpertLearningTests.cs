using Plait.Catalogue;
using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Training;

namespace Plait.Tests.Networks.Experts;

/// <summary>What is learned of two regressions whose weights have a chosen cosine, as the share of the variance that stays unexplained.</summary>
[Collection("torch")]
public sealed class ExpertLearningTests
{
    private const int Inputs = 10;
    private const string Shared = "hps";
    private const string MultiGate = "mmoe:experts=4,expert-widths=8"; // as many hidden units as the shared layer

    /// <summary>Figures 2 and 4 of Ma et al. 2018 in small: the shared layer suffers where tasks want different directions of the input.</summary>
    [Fact]
    public void Less_related_tasks_harm_a_shared_layer_and_harm_a_mixture_of_experts_less()
    {
        var sharedRelated = Unexplained(Shared, 1);
        var sharedLess = Unexplained(Shared, 0.5);
        var mixedRelated = Unexplained(MultiGate, 1);
        var mixedLess = Unexplained(MultiGate, 0.5);
        Assert.True(sharedLess > sharedRelated + 0.04, $"shared layer: {sharedRelated} and {sharedLess}");
        Assert.True(
            mixedLess - mixedRelated < (sharedLess - sharedRelated) / 2,
            $"mixture: {mixedRelated} and {mixedLess}; shared layer: {sharedRelated} and {sharedLess}"
        );
        Assert.True(mixedLess < 0.6 * sharedLess, $"{mixedLess} of the mixture, {sharedLess} of the shared layer");
    }

    [Theory]
    [InlineData("omoe:experts=4,expert-widths=8", 0.3)]
    [InlineData("cgc:own-experts=1,shared-experts=2,expert-widths=8", 0.2)]
    [InlineData("ple:own-experts=1,shared-experts=2,expert-widths=8", 0.1)]
    [InlineData("dselect-k:experts=4,k=2,expert-widths=8,per-example=true", 0.2)]
    [InlineData("snr:widths=8-8", 0.4)]
    public void Far_more_is_explained_than_any_linear_function_could(string architecture, double bar)
    {
        using var test = Rows(0.5, seed: 0, rowSeed: 200);
        var linear = Enumerable.Range(0, 2).Average(task => BestLinear(test.Input, test.TargetOf(task).Values));
        var unexplained = Unexplained(architecture, 0.5, seeds: 1, epochs: 20);
        Assert.True(
            unexplained < bar && bar < linear / 1.5,
            $"{unexplained} unexplained, {linear} by linear functions"
        );
    }

    /// <summary>The mean over tasks and seeds of the squared error of fresh rows, over their variance.</summary>
    private static double Unexplained(string architecture, double correlation, int seeds = 2, int epochs = 40) =>
        Enumerable.Range(0, seeds).Average(seed => Train(architecture, correlation, seed, epochs));

    private static double Train(string architecture, double correlation, int seed, int epochs)
    {
        using var scope = torch.NewDisposeScope();
        using var data = Rows(correlation, seed, rowSeed: 100 + seed);
        using var test = Rows(correlation, seed, rowSeed: 200 + seed);
        using var train = data.Batches(100, shuffleSeed: seed);
        var tasks = CorrelatedRegressions.Tasks;
        torch.manual_seed(seed);
        var encoder = new Mlp(Inputs, architecture == Shared ? [32] : []);
        using var network = MethodCatalog.Create<MultiTaskNetwork>(architecture, tasks, encoder, new[] { 8 });
        var recipe = new Recipe
        {
            Epochs = epochs,
            Optimizer = new AdamOptimizer(0.01),
            GradientRecordInterval = 0,
        };
        new Trainer(network, recipe).Fit(train);
        network.eval();
        using var noGrad = torch.no_grad();
        using var batch = MultiTaskBatch.Unlabelled(tasks.All, test.Input);
        var outputs = network.Forward(batch, tasks.All);
        return Enumerable
            .Range(0, tasks.Count)
            .Average(task => Share(test.TargetOf(task).Values - outputs[task], test.TargetOf(task).Values));
    }

    private static TensorData Rows(double correlation, long seed, long rowSeed) =>
        CorrelatedRegressions.Draw(Inputs, 2000, correlation, seed + 1, rowSeed);

    private static double BestLinear(Tensor input, Tensor target)
    {
        using var scope = torch.NewDisposeScope();
        return Share(target - input.mm(torch.linalg.lstsq(input, target).Solution), target);
    }

    private static double Share(Tensor error, Tensor target) =>
        error.square().mean().ToDouble() / (target - target.mean()).square().mean().ToDouble();
}
