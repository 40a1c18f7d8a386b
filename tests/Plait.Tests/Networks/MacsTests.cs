using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Tests.Networks;

[Collection("torch")]
public sealed class MacsTests
{
    [Fact]
    public void An_mlp_has_one_for_each_weight()
    {
        var tasks = new TaskSet(LearningTask.Regression("a", 2), LearningTask.Binary("b"));
        using var network = new HardSharing(tasks, new Mlp(6, [8, 7]));

        Assert.Equal((6 * 8) + (8 * 7) + (7 * 3), Macs.Of(network, [6]));
        Assert.True(network.training);
    }

    [Fact]
    public void ResNet18_has_those_that_the_literature_counts()
    {
        using var network = new HardSharing(
            new TaskSet(LearningTask.Classification("kind", 1000)),
            new ResNet18([3, 224, 224])
        );

        // 1.8 billion by table 1 of He et al. 2016; the shortcuts' projections are among them here.
        Assert.Equal(1_814_073_344, Macs.Of(network, [3, 224, 224]));
    }
}
