namespace Plait.Demonstrations.Tests;

[Collection("torch")]
public sealed class EpisodicMemoryTests
{
    private const string AtTheEnd = "accuracy at the end";
    private const string Transfer = "backward transfer";

    [Fact]
    public void A_memory_as_constraints_keeps_what_plain_descent_forgets_and_costs_no_learning()
    {
        var run = new DemonstrationRun(new EpisodicMemory { Tasks = 5, TestRows = 500 }, seed: 1);

        Assert.True(run["gem:margin=0.5", AtTheEnd] > run["no memory", AtTheEnd] + 0.03);
        Assert.True(run["gem:margin=0.5", Transfer] > run["no memory", Transfer] + 0.03);
        Assert.True(run["gem", Transfer] > run["no memory", Transfer] + 0.005);
        Assert.True(run["a-gem", Transfer] > run["no memory", Transfer]);
        Assert.True(
            run["gem:margin=0.5", "accuracy when just learned"] > run["no memory", "accuracy when just learned"] - 0.02
        );
    }
}
