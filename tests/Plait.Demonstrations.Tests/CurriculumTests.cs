namespace Plait.Demonstrations.Tests;

/// <summary>A reduced form of <c>curriculum</c>.</summary>
[Collection("torch")]
public sealed class CurriculumTests
{
    [Fact]
    public void An_order_by_similarity_is_found_and_beats_random_orders_and_starting_anew()
    {
        var results = new CurriculumDemonstration { RandomOrders = 5 }.Run(seed: 1);

        Assert.InRange(results.NumberOf("found order", "neighbours next to each other"), 4, 9);
        Assert.InRange(results.NumberOf("random orders", "neighbours next to each other"), 0, 3);
        var found = Error("found order");
        Assert.InRange(Error("random orders") - found, 0.003, 0.1);
        Assert.InRange(Error("each from nothing") - found, 0.005, 0.1);

        double Error(string order) => results.NumberOf(order, "test error after the task's turn");
    }
}
