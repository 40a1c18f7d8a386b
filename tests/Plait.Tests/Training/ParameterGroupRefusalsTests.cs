using Plait.Optimization.LossWeighting;
using Plait.Training;

namespace Plait.Tests.Training;

/// <summary>Settings of groups that cannot be, refused before anything moves.</summary>
[Collection("torch")]
public sealed class ParameterGroupRefusalsTests
{
    [Fact]
    public void Unknown_groups_are_refused_with_those_there_are()
    {
        var fault = Refused(new Recipe { Groups = [new GroupSetting("encodr")], Weighting = new Uncertainty() });

        Assert.Contains("'encodr'", fault, StringComparison.Ordinal);
        Assert.Contains("(did you mean 'encoder'?)", fault, StringComparison.Ordinal);
        Assert.Contains(
            "here are encoder, heads.sum, heads.sign, heads.quadrant, uncertainty (encoder, heads, uncertainty for all of a kind)",
            fault,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_network_of_which_nothing_learns_is_refused() =>
        Assert.Contains(
            "let one of them learn",
            Refused(
                new Recipe
                {
                    Groups =
                    [
                        new GroupSetting("encoder") { Frozen = true },
                        new GroupSetting("heads") { Frozen = true },
                    ],
                }
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public void Looking_through_a_step_of_several_optimizers_is_refused() =>
        Assert.Contains(
            "auto-lambda looks through the step of one optimizer",
            Refused(
                new Recipe
                {
                    Weighting = new AutoLambda(),
                    Groups = [new GroupSetting("encoder") { Optimizer = new SgdOptimizer(0.1) }],
                }
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public void One_that_looks_several_times_moves_all_or_none() =>
        Assert.Contains(
            "LBFGS looks at the losses several times",
            Refused(
                new Recipe
                {
                    Optimizer = new TorchOptimizer(parameters => torch.optim.LBFGS(parameters)),
                    Groups = [new GroupSetting("encoder") { Optimizer = new SgdOptimizer(0.1) }],
                }
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_rate_of_its_own_wants_an_optimizer_that_tells_its_rate() =>
        Assert.Contains(
            "set a multiple, or train with Adam",
            Refused(
                new Recipe
                {
                    Optimizer = new TorchOptimizer(parameters => torch.optim.RMSProp(parameters)),
                    Groups = [new GroupSetting("encoder") { LearningRate = 0.1 }],
                }
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_name_is_set_once()
    {
        using var network = SmallRuns.Network();
        var recipe = new Recipe { Groups = [new GroupSetting("heads"), new GroupSetting("heads")] };

        Assert.Throws<ArgumentException>(() => new Trainer(network, recipe));
    }

    private static string Refused(Recipe recipe)
    {
        using var data = SmallRuns.Data(16);
        using var batches = data.Batches(8);
        using var network = SmallRuns.Network();
        var before = SmallRuns.Bits(network);

        var fault = Assert.Throws<NotSupportedException>(() => new Trainer(network, recipe).Fit(batches));

        Assert.Equal(before, SmallRuns.Bits(network));
        Assert.All(network.parameters(), parameter => Assert.True(parameter.requires_grad));
        return fault.Message;
    }
}
