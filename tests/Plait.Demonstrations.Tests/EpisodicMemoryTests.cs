namespace Plait.Demonstrations.Tests;

[Collection("torch")]
public sealed class EpisodicMemoryTests
{
    private const string AtTheEnd = "accuracy at the end";
    private const string Transfer = "backward transfer";

    [Fact]
    public void A_memory_as_constraints_keeps_what_plain_descent_forgets_and_costs_no_learning()
    {
        var results = new EpisodicMemoryDemonstration { Tasks = 5, TestRows = 500 }.Run(seed: 1);

        Assert.True(results.NumberOf("gem:margin=0.5", AtTheEnd) > results.NumberOf("no memory", AtTheEnd) + 0.03);
        Assert.True(results.NumberOf("gem:margin=0.5", Transfer) > results.NumberOf("no memory", Transfer) + 0.03);
        Assert.True(results.NumberOf("gem", Transfer) > results.NumberOf("no memory", Transfer) + 0.005);
        Assert.True(results.NumberOf("a-gem", Transfer) > results.NumberOf("no memory", Transfer));
        Assert.True(
            results.NumberOf("gem:margin=0.5", "accuracy when just learned")
                > results.NumberOf("no memory", "accuracy when just learned") - 0.02
        );
    }
}
