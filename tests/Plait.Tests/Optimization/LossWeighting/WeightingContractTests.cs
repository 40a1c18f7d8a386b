using Plait.Catalogue;
using Plait.Tasks;

namespace Plait.Tests.Optimization.LossWeighting;

/// <summary>What holds of every loss weighting of the catalogue.</summary>
[Collection("torch")]
public sealed class WeightingContractTests
{
    private static readonly string[] Others =
    [
        "gradnorm:initial=log-classes,at=parameters",
        "gradnorm:initial=first-epoch,softmax=1,at=representation",
        "dtp:kpi=training,gamma=0/1/2",
        "gls:focus=0/2",
        "rlw:distribution=dirichlet",
        "rlw:distribution=bernoulli",
        "rlw:distribution=uniform",
        "rlw:distribution=constrained-bernoulli",
        "stch:mu=0.3,warmup=1",
        "stch:warmup=0",
        "tchebycheff:mu=0.1,preference=1/2/3",
        "famo:learning-rate=0.1,minimum=-1/-1/-1",
        "auto-lambda:primary=1,clip=1,learning-rate=0.01",
        "excess-mtl:at=last-shared-layer,learning-rate=1",
    ];

    public static TheoryData<string> All =>
        [.. MethodCatalog.Of(MethodKind.Weighting).Select(entry => entry.Example), .. Others];

    [Theory]
    [MemberData(nameof(All))]
    public void A_weighting_saved_before_any_step_and_loaded_goes_on_with_the_same_bits(string specification)
    {
        const int Steps = 12;
        var unbroken = new WeightingRun(specification).Weights(Steps);
        foreach (var stop in new[] { 1, 6, 8 })
        {
            var resumed = new WeightingRun(specification) { StopAt = stop }.Weights(Steps);

            Assert.Equal(unbroken, resumed);
        }

        Assert.All(unbroken.SelectMany(weights => weights), weight => Assert.True(double.IsFinite(weight)));
        Assert.All(unbroken, weights => Assert.Contains(weights, weight => weight != 0));
    }

    [Theory]
    [InlineData("equal", 0)]
    [InlineData("fixed:weights=1/2/3", 0)]
    [InlineData("dwa", 0)]
    [InlineData("gradnorm", 0)]
    [InlineData("gradnorm:softmax=1", 0)]
    [InlineData("lbtw", 0)]
    [InlineData("dtp", 0)]
    [InlineData("rlw", 0)]
    [InlineData("gls", 0)]
    [InlineData("tchebycheff", 0)]
    [InlineData("famo", 0)]
    [InlineData("excess-mtl:learning-rate=0.1", 0)]
    [InlineData("auto-lambda:learning-rate=0.01", 0)]
    [InlineData("scale-invariant", -1)]
    [InlineData("stch:warmup=1", -1)]
    public void Weights_follow_the_unit_of_the_losses_as_the_definition_says(string specification, int power)
    {
        const int Steps = 9;
        var one = new WeightingRun(specification).Weights(Steps);
        foreach (var unit in new[] { Math.ScaleB(1, -40), Math.ScaleB(1, 40) })
        {
            var rate = 0.05 * Math.Pow(unit, -1 - power); // so that the network takes the same steps
            var other = new WeightingRun(specification) { Unit = unit, Rate = rate }.Weights(Steps);

            Assert.All(
                one.Zip(other).SelectMany(pair => pair.First.Zip(pair.Second)),
                pair => Assert.InRange(pair.Second / Math.Pow(unit, power), Low(pair.First), High(pair.First))
            );
        }

        static double Low(double value) => value - Math.Abs(1e-3 * value);
        static double High(double value) => value + Math.Abs(1e-3 * value);
    }

    [Theory]
    [InlineData("fixed", "'fixed' needs 'weights'")]
    [InlineData("fixed:weights=0/0", "Weights are finite, 0 or more, and not all 0; got 0/0.")]
    [InlineData("fixed:weights=1/-1", "Weights are finite, 0 or more, and not all 0; got 1/-1.")]
    [InlineData("gradnorm:alpha=-1", "The alpha is 0 or more and finite; got -1.")]
    [InlineData("gradnorm:learning-rate=0", "The learning rate is above 0 and finite; got 0.")]
    [InlineData("lbtw:alpha=NaN", "The alpha is 0 or more and finite; got NaN.")]
    [InlineData("dtp:rate=1.5", "The rate is above 0 and at most 1; got 1.5.")]
    [InlineData("dtp:floor=0", "The floor is above 0 and below 1; got 0.")]
    [InlineData("dtp:gamma=1/-1", "The gamma is 0 or more and finite; got -1.")]
    [InlineData("gls:focus=0/0", "The tasks in focus are names of tasks, or places from 0, each named once; got 0/0.")]
    [InlineData("stch:mu=0", "The mu is above 0 and finite; got 0.")]
    [InlineData("stch:warmup=-1", "The warm-up is 0 or more and finite; got -1.")]
    [InlineData("tchebycheff:mu=-1", "The mu is 0 or more and finite; got -1.")]
    [InlineData("famo:decay=-1", "The decay is 0 or more and finite; got -1.")]
    [InlineData("excess-mtl:learning-rate=0", "The learning rate is above 0 and finite; got 0.")]
    [InlineData("excess-mtl:at=representation", "choose parameters or last-shared-layer.")]
    [InlineData("auto-lambda:initial=0", "The initial weight is above 0 and finite; got 0.")]
    [InlineData("auto-lambda:primary=1/1", "each named once; got 1/1.")]
    [InlineData("rlw:distribution=cauchy", "takes one of normal, uniform, dirichlet")]
    public void An_option_out_of_range_is_refused_in_one_line(string specification, string message)
    {
        var refused = Assert.Throws<FormatException>(() => WeightingRun.Make(specification));

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Theory]
    [InlineData("fixed:weights=1/2", "There are 3 tasks (price, kind, sold) and 2 weights (1/2); give one a task.")]
    [InlineData("gls:focus=3", "There is no task '3' to be one of the tasks in focus")]
    [InlineData("auto-lambda:primary=0/3", "There is no task '3' to be one of the primary tasks")]
    [InlineData("dtp:gamma=1/2", "2 gammas (1/2); give one, or one a task.")]
    [InlineData("famo:minimum=0", "1 least losses (0); give one a task.")]
    [InlineData("tchebycheff:ideal=0/0", "2 ideal losses (0/0); give one a task.")]
    [InlineData("tchebycheff:preference=1/2", "The preference names 2 tasks (1/2), but there are 3.")]
    public void Options_that_do_not_fit_the_tasks_are_refused_in_one_line(string specification, string message)
    {
        var refused = Assert.Throws<ArgumentException>(() =>
            WeightingRun.Make(specification).Begin(SmallNetworks.Tasks, torch.CPU)
        );

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Theory]
    [InlineData("scale-invariant")]
    [InlineData("gls")]
    [InlineData("stch")]
    [InlineData("lbtw")]
    [InlineData("famo")]
    public void A_method_of_ratios_names_the_task_whose_loss_is_below_zero(string specification)
    {
        using var scope = torch.NewDisposeScope();
        var weighting = WeightingRun.Make(specification);
        weighting.Begin(SmallNetworks.Tasks, torch.CPU);

        var refused = Assert.Throws<InvalidOperationException>(() =>
            weighting.Weigh(UncertaintyTests.Losses(SmallNetworks.Tasks.All, 1, -2, 1), Context())
        );

        Assert.Contains("'kind' is -2", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scale-invariant")]
    [InlineData("gls")]
    [InlineData("gls:focus=0")]
    [InlineData("stch:warmup=0")]
    [InlineData("lbtw")]
    [InlineData("famo")]
    [InlineData("dtp:kpi=training")]
    [InlineData("tchebycheff:mu=1")]
    public void A_loss_of_exactly_zero_leaves_all_weights_finite(string specification)
    {
        using var scope = torch.NewDisposeScope();
        var weighting = WeightingRun.Make(specification);
        weighting.Begin(SmallNetworks.Tasks, torch.CPU);
        for (var step = 0; step < 2; step++)
        {
            var losses = UncertaintyTests.Losses(SmallNetworks.Tasks.All, 0, 2, 1);
            weighting.Weigh(losses, Context()).sum().backward();

            Assert.All(
                Plait.Torch.Numbers.Read(losses.Values.grad!),
                weight => Assert.True(double.IsFinite(weight), specification)
            );
        }
    }

    private static StepContext Context() => new() { Tasks = SmallNetworks.Tasks };
}
