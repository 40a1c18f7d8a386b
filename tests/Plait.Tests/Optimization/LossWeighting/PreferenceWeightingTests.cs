using Plait.Catalogue;
using Plait.Networks.Conditional;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Optimization.LossWeighting;
using Plait.Tasks;

namespace Plait.Tests.Optimization.LossWeighting;

[Collection("torch")]
public sealed class PreferenceWeightingTests
{
    [Fact]
    public void A_preference_weighs_the_losses()
    {
        using var scope = torch.NewDisposeScope();
        Assert.Equal([0.75, 0.25], WeightsOf(new PreferenceWeights([3, 1]), 5, 7));
    }

    [Fact]
    public void A_network_that_is_asked_is_followed()
    {
        using var scope = torch.NewDisposeScope();
        var tasks = StepContexts.Regressions(2);
        using var network = new ParetoHypernetwork(tasks, new Mlp(2, [3]));
        var weighting = new PreferenceWeights();
        weighting.Begin(network);
        network.BeginStep(StepContexts.At(step: 2));

        var weights = WeightsOf(weighting, 5, 7, begin: false);

        Assert.Equal(network.Preference[0], weights[0], 1e-12);
        using var other = new HardSharing(tasks, new Mlp(2, [3]));
        Assert.Throws<NotSupportedException>(() => new PreferenceWeights().Begin(other));
        new PreferenceWeights([1, 1]).Begin(other);
    }

    [Fact]
    public void Cosine_penalty_has_the_gradient_of_its_formula()
    {
        using var scope = torch.NewDisposeScope();
        double[] losses = [0.4, 1.7];
        const double Step = 1e-6;

        var weights = WeightsOf(new CosinePenalty(2, [1, 3]), losses[0], losses[1]);

        for (var i = 0; i < 2; i++)
        {
            double[] up = [.. losses];
            up[i] += Step;
            double[] down = [.. losses];
            down[i] -= Step;
            Assert.Equal((Formula(up) - Formula(down)) / (2 * Step), weights[i], 1e-7);
        }

        static double Formula(double[] l)
        {
            var product = (0.25 * l[0]) + (0.75 * l[1]);
            var cosine = product / Math.Sqrt((l[0] * l[0]) + (l[1] * l[1])) / Math.Sqrt(0.0625 + 0.5625);
            return product - (2 * cosine);
        }
    }

    [Fact]
    public void Losses_of_zero_point_nowhere()
    {
        using var scope = torch.NewDisposeScope();
        Assert.Equal([0.5, 0.5], WeightsOf(new CosinePenalty(), 0, 0));
    }

    [Theory]
    [InlineData("cosmos:lambda=-1")]
    [InlineData("preference:preference=0/0")]
    public void Options_out_of_range_are_refused(string text) =>
        Assert.Throws<FormatException>(() =>
            MethodCatalog.Create<Plait.Optimization.LossWeighting.LossWeighting>(text)
        );

    private static double[] WeightsOf(
        Plait.Optimization.LossWeighting.LossWeighting weighting,
        double first,
        double second,
        bool begin = true
    )
    {
        var tasks = StepContexts.Regressions(2);
        if (begin)
        {
            weighting.Begin(tasks, torch.CPU);
        }

        var losses = TaskLosses.Of(tasks, torch.tensor(first), torch.tensor(second));
        weighting.Weigh(losses, StepContexts.At()).sum().backward();
        return Plait.Torch.Numbers.Read(losses.Values.grad!);
    }
}
