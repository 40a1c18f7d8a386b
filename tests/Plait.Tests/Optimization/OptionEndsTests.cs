using Plait.Catalogue;
using Plait.Optimization;
using Plait.Optimization.Scheduling;

namespace Plait.Tests.Optimization;

/// <summary>The last value of a range is taken, and the first one beyond it refused.</summary>
public sealed class OptionEndsTests
{
    [Theory]
    [InlineData("active-actor-critic:targets=1,lambda=", "0", "-0.01")]
    [InlineData("active-actor-critic:targets=1,lambda=", "1", "1.01")]
    [InlineData("active-actor-critic:targets=1,worst=", "1", "2")]
    [InlineData("active-actor-critic:targets=1,worst=", "0", "-1")]
    [InlineData("active-actor-critic:targets=1,discount=", "0", "-0.01")]
    [InlineData("active-actor-critic:targets=1,discount=", "0.99", "1")]
    [InlineData("active-actor-critic:targets=1,entropy=", "0", "-0.01")]
    [InlineData("active-actor-critic:targets=1,learning-rate=", "0.01", "0")]
    [InlineData("active-actor-critic:targets=1,width=", "1", "0")]
    [InlineData("active-actor-critic:targets=1,window=", "1", "0")]
    [InlineData("active-bandit:targets=1,discount=", "1", "1.01")]
    [InlineData("active-bandit:targets=1,discount=", "0.01", "0")]
    [InlineData("active-bandit:targets=1,exploration=", "0", "-0.01")]
    [InlineData("active-sampling:targets=1,window=", "1", "0")]
    [InlineData("annealed:decay=", "0", "-0.01")]
    [InlineData("annealed:decay=", "1", "1.01")]
    [InlineData("proportional:cap=", "1", "0")]
    [InlineData("stop-and-go:stop=", "0", "-0.01")]
    [InlineData("stop-and-go:go=", "0", "-0.01")]
    [InlineData("stop-and-go:patience=", "1", "0")]
    [InlineData("stop-and-go:interval=", "1", "0")]
    [InlineData("task-wise-early-stopping:window=", "2", "1")]
    [InlineData("task-wise-early-stopping:threshold=", "0.01", "0")]
    [InlineData("temperature:cap=", "1", "0")]
    [InlineData("temperature:temperature=", "0.01", "0")]
    public void Of_a_schedule(string option, string last, string beyond) => Check<TaskSchedule>(option, last, beyond);

    [Theory]
    [InlineData("cagrad:c=", "0", "-0.01")]
    [InlineData("cosine-gating:main=", "0", "-1")]
    [InlineData("db-mtl:beta=", "0", "-0.01")]
    [InlineData("db-mtl:beta=", "0.99", "1")]
    [InlineData("db-mtl:sigma=", "0", "-0.01")]
    [InlineData("epo:tolerance=", "0", "-0.01")]
    [InlineData("fairgrad:alpha=", "0.01", "0")]
    [InlineData("gem:margin=", "0", "-0.01")]
    [InlineData("graddrop:leak=", "0", "-0.01")]
    [InlineData("graddrop:leak=", "1", "1.01")]
    [InlineData("gradvac:beta=", "0", "-0.01")]
    [InlineData("gradvac:beta=", "1", "1.01")]
    [InlineData("gradvac:target=", "0.99", "1")]
    [InlineData("gradvac:target=", "-0.99", "-1")]
    [InlineData("great:weight=", "0", "-0.01")]
    [InlineData("great:width=", "1", "0")]
    [InlineData("krum:byzantine=", "0", "-1")]
    [InlineData("krum:selected=", "1", "0")]
    [InlineData("moco:beta=", "0", "-0.01")]
    [InlineData("moco:beta=", "1", "1.01")]
    [InlineData("nash-mtl:max-norm=", "0.01", "0")]
    [InlineData("nash-mtl:update-interval=", "1", "0")]
    [InlineData("pareto-mtl:preferences=", "1", "0")]
    [InlineData("pareto-mtl:index=", "0", "-1")]
    [InlineData("pareto-mtl:warmup=", "0", "-1")]
    [InlineData("rotograd:burn-in=", "1", "0")]
    [InlineData("sdmgrad:iterations=", "1", "0")]
    [InlineData("sdmgrad:momentum=", "0", "-0.01")]
    [InlineData("sdmgrad:momentum=", "0.99", "1")]
    [InlineData("trimmed-mean:trim=", "0", "-1")]
    public void Of_an_aggregator(string option, string last, string beyond) =>
        Check<GradientAggregator>(option, last, beyond);

    private static void Check<T>(string option, string last, string beyond)
        where T : class
    {
        Assert.NotNull(MethodCatalog.Create<T>(option + last));
        Assert.Throws<FormatException>(() => MethodCatalog.Create<T>(option + beyond));
    }
}
