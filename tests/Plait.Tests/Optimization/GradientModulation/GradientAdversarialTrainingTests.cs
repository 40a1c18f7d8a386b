using Plait.Data;
using Plait.Networks;
using Plait.Optimization;
using Plait.Optimization.GradientModulation;
using Plait.Torch;

namespace Plait.Tests.Optimization.GradientModulation;

[Collection("torch")]
public sealed class GradientAdversarialTrainingTests
{
    [Fact]
    public void At_the_start_the_trunk_receives_the_sum()
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch, method) = Start();
        using var gradients = Forward(network, batch);
        var update = method.Aggregate(gradients, StepContexts.At(tasks: 3)).clone();
        using var again = Forward(network, batch);
        Assert.InRange((update - again.Combine([1, 1, 1])).abs().max().item<double>(), 0, 1e-12);
    }

    [Fact]
    public void The_trunk_receives_each_gradient_times_its_scales()
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch, method) = Start();
        using (torch.no_grad())
        {
            method.Scales!.copy_(torch.rand(3, 4));
        }

        using var gradients = Forward(network, batch);
        var rows = gradients.RowsAt(GradientLocation.Representation).view(3, -1, 4);
        var mixed = rows.mul(method.Scales!.detach().unsqueeze(1)).sum(dim: 0L).flatten();
        var update = method.Aggregate(gradients, StepContexts.At(tasks: 3)).clone();
        using var again = Forward(network, batch);
        Assert.InRange((update - again.Backpropagate(mixed)).abs().max().item<double>(), 0, 1e-12);
    }

    [Fact]
    public void A_gradient_that_its_scales_make_zero_says_nothing_to_the_discriminator()
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch, method) = Start();
        using (torch.no_grad())
        {
            method.Scales!.select(0, 1).zero_();
        }

        using var gradients = Forward(network, batch);
        method.Aggregate(gradients, StepContexts.At(tasks: 3));

        Assert.All(Numbers.Read(method.Scales!.grad!.select(0, 1)), slope => Assert.Equal(0, slope));
    }

    [Fact]
    public void The_unit_of_the_losses_changes_nothing_of_what_is_learned()
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch, method) = Start();
        var expected = Learned(1);
        Assert.All(
            expected.Zip(Learned(1e-9)),
            pair => Assert.Equal(pair.First, pair.Second, 1e-9 * expected.Max(Math.Abs))
        );

        double[] Learned(double unit)
        {
            foreach (var parameter in method.Parameters)
            {
                parameter.grad?.zero_();
            }

            using var gradients = Forward(network, batch, [unit, unit, unit]);
            method.Aggregate(gradients, StepContexts.At(tasks: 3));
            return [.. method.Parameters.SelectMany(parameter => Numbers.Read(parameter.grad!))];
        }
    }

    [Fact]
    public void Discriminator_and_scales_learn_against_each_other()
    {
        using var scope = torch.NewDisposeScope();
        var apart = Ratio(Play(weight: 0));
        var aligned = Ratio(Play(weight: 1));
        // The first task's gradients are ten times as long, which gives it away until the scales have made up for it.
        Assert.Equal(1, apart);
        Assert.True(aligned < 0.4, $"the first task's scales are {aligned} times the others'");
    }

    [Fact]
    public void It_refuses_a_network_without_one_representation_and_gradients_without_a_network()
    {
        using var network = SmallNetworks.Make("uneven");
        Assert.Contains(
            "great",
            Assert.Throws<NotSupportedException>(() => new GradientAdversarialTraining().Begin(network)).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<InvalidOperationException>(() => new GradientAdversarialTraining().Update(GivenRows.Golden));
        Assert.Throws<ArgumentException>(() => new GradientAdversarialTraining(weight: -1));
        Assert.Throws<ArgumentException>(() => new GradientAdversarialTraining(width: 0));
    }

    private static GradientAdversarialTraining Play(double weight)
    {
        torch.manual_seed(4);
        var (network, batch, _) = Start();
        var method = new GradientAdversarialTraining(weight, width: 32);
        method.Begin(network);
        using var optimizer = torch.optim.Adam(method.Parameters, 0.01);
        for (var step = 0; step < 300; step++)
        {
            using var inner = torch.NewDisposeScope();
            optimizer.zero_grad();
            using var gradients = Forward(network, batch, [10, 1, 1]);
            method.Aggregate(gradients, StepContexts.At(step, tasks: 3));
            optimizer.step();
        }

        return method;
    }

    private static double Ratio(GradientAdversarialTraining method)
    {
        var means = Numbers.Read(method.Scales!.abs().mean([1]));
        return means[0] / ((means[1] + means[2]) / 2);
    }

    private static (MultiTaskNetwork Network, MultiTaskBatch Batch, GradientAdversarialTraining Method) Start()
    {
        torch.manual_seed(8);
        var network = SmallNetworks.Make("hard sharing, cut");
        var method = new GradientAdversarialTraining();
        method.Begin(network);
        return (network, SmallNetworks.Batch(SmallNetworks.Tasks.All, shared: true), method);
    }

    private static TaskGradients Forward(MultiTaskNetwork network, MultiTaskBatch batch, double[]? weights = null)
    {
        var outputs = network.Forward(batch, batch.Tasks, cut: true);
        var losses = SmallNetworks.Losses(outputs, batch);
        var objective = weights is null ? null : losses.Values.mul(torch.tensor(weights)).sum();
        return TaskGradients.Of(losses, network, outputs, objective);
    }
}
