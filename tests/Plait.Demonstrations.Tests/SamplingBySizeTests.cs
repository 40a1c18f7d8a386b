namespace Plait.Demonstrations.Tests;

/// <summary>A reduced form of <c>sampling-by-size</c>.</summary>
[Collection("torch")]
public sealed class SamplingBySizeTests
{
    [Fact]
    public void Proportional_sampling_starves_the_small_task_and_uniform_sampling_the_large_one()
    {
        var results = new SamplingBySizeDemonstration { LargeRows = 1200, SmallRows = 48 }.Run(seed: 1);

        var (uniform, proportional) = (Small("uniform"), Small("proportional"));
        Assert.InRange(uniform - proportional, 0.1, 1);
        Assert.InRange(Small("square-root") - proportional, 0.06, 1);
        Assert.InRange(Small("annealed") - proportional, 0.06, 1);
        Assert.InRange(Large("proportional") - Large("uniform"), 0.02, 1);
        var annealed = results.NumberOf("annealed", "share of steps, small task");
        Assert.True(results.NumberOf("annealed", "share of steps, small task, last epoch") > annealed + 0.02);

        double Small(string setting) => results.NumberOf(setting, "test accuracy, small task");
        double Large(string setting) => results.NumberOf(setting, "test accuracy, large task");
    }
}
