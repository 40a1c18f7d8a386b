using Plait.Optimization;
using Plait.Tasks;

namespace Plait.Tests.Optimization;

[Collection("torch")]
public sealed class ObjectiveWeightsTests
{
    [Fact]
    public void Weights_are_the_derivatives_of_the_objective_they_are_asked_of_and_of_none_before()
    {
        using var scope = torch.NewDisposeScope();
        var losses = Losses();
        losses.Values.mul(7).sum().backward();

        Assert.Equal([3, 6], ObjectiveWeights.Of(losses, losses.Values.mul(torch.tensor([3f, 6f]))));
        Assert.Equal([1, 2], ObjectiveWeights.Of(losses, losses.Values.square().mul(0.5)));
    }

    [Fact]
    public void A_weight_that_is_not_finite_is_told_with_its_task()
    {
        using var scope = torch.NewDisposeScope();
        var losses = Losses();

        var fault = Assert.Throws<NonFiniteException>(() =>
            ObjectiveWeights.Of(losses, losses.Values.mul(torch.tensor([1f, float.NaN])))
        );

        Assert.Contains($"'{losses.Tasks[1].Name}'", fault.Message, StringComparison.Ordinal);
    }

    private static TaskLosses Losses() => TaskLosses.OfNumbers(StepContexts.Regressions(2).All, [1, 2], torch.zeros(1));
}
