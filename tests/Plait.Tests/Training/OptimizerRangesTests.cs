using Plait.Networks;
using Plait.Training;

namespace Plait.Tests.Training;

/// <summary>Constants of optimizers that mean nothing are refused by name.</summary>
public sealed class OptimizerRangesTests
{
    private static readonly Dictionary<string, Func<double, OptimizerFactory>> Constants = new()
    {
        ["Adam learningRate"] = value => new AdamOptimizer(value),
        ["Adam beta1"] = value => new AdamOptimizer(beta1: value),
        ["Adam beta2"] = value => new AdamOptimizer(beta2: value),
        ["Adam epsilon"] = value => new AdamOptimizer(epsilon: value),
        ["Adam weightDecay"] = value => new AdamOptimizer(weightDecay: value),
        ["AdamW learningRate"] = value => new AdamWOptimizer(value),
        ["AdamW beta1"] = value => new AdamWOptimizer(beta1: value),
        ["AdamW beta2"] = value => new AdamWOptimizer(beta2: value),
        ["AdamW epsilon"] = value => new AdamWOptimizer(epsilon: value),
        ["AdamW weightDecay"] = value => new AdamWOptimizer(weightDecay: value),
        ["Sgd learningRate"] = value => new SgdOptimizer(value),
        ["Sgd momentum"] = value => new SgdOptimizer(0.1, momentum: value),
        ["Sgd weightDecay"] = value => new SgdOptimizer(0.1, weightDecay: value),
    };

    [Theory]
    [InlineData("learningRate", 0, 1e-30)]
    [InlineData("learningRate", double.PositiveInfinity, 1e30)]
    [InlineData("beta1", 1, 0.999)]
    [InlineData("beta1", -1e-9, 0)]
    [InlineData("beta2", 1, 0.999)]
    [InlineData("beta2", -1e-9, 0)]
    [InlineData("momentum", 1, 0.999)]
    [InlineData("momentum", -1e-9, 0)]
    [InlineData("epsilon", 0, 1e-30)]
    [InlineData("weightDecay", -1e-9, 0)]
    [InlineData("weightDecay", double.PositiveInfinity, 1e30)]
    public void The_ends_of_a_range_are_where_it_says(string name, double outside, double inside)
    {
        var making = Constants.Where(constant => constant.Key.EndsWith($" {name}", StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(making);
        foreach (var (_, make) in making)
        {
            Assert.Contains($"{outside}", Assert.Throws<ArgumentException>(() => make(outside)).Message);
            Assert.Throws<ArgumentException>(() => make(double.NaN));
            Assert.NotNull(make(inside));
        }
    }
}
