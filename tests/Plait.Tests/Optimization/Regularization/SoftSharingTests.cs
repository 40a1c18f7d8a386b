using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Optimization.Regularization;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Torch;

namespace Plait.Tests.Optimization.Regularization;

public sealed class SoftSharingTests
{
    [Fact]
    public void Penalty_and_gradient_follow_the_definition()
    {
        using var scope = torch.NewDisposeScope();
        var network = TwoHeads(1, 3);
        var penalty = new SoftSharing(strength: 0.5).Penalty(network, StepContexts.At());
        penalty.backward();

        // Five numbers a head (four weights and a bias), each at a distance of 1 from the mean 2.
        Assert.Equal(0.5 * 2 * 5, penalty.item<float>(), 5);
        Assert.All(network.ParametersOf(0), own => Assert.All(Numbers.Read(own.grad!), x => Assert.Equal(-1, x, 5)));
        Assert.All(network.ParametersOf(1), own => Assert.All(Numbers.Read(own.grad!), x => Assert.Equal(1, x, 5)));
    }

    [Fact]
    public void Equal_parameters_cost_nothing()
    {
        using var scope = torch.NewDisposeScope();

        Assert.Equal(0, new SoftSharing().Penalty(TwoHeads(2, 2), StepContexts.At()).item<float>());
    }

    [Fact]
    public void Tasks_without_corresponding_parameters_are_refused()
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(LearningTask.Regression("price"), LearningTask.Classification("kind", 3));
        var network = new HardSharing(tasks, new Mlp(3, [4]));

        Assert.Throws<NotSupportedException>(() => new SoftSharing().Begin(network));
    }

    private static HardSharing TwoHeads(float first, float second)
    {
        var network = new HardSharing(StepContexts.Regressions(2), new Mlp(3, [4]));
        using var noGrad = torch.no_grad();
        foreach (var (task, value) in new[] { (0, first), (1, second) })
        {
            foreach (var parameter in network.ParametersOf(task))
            {
                parameter.fill_(value);
            }
        }

        return network;
    }
}
