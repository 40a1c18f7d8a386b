using Plait.Optimization;
using Plait.Optimization.MultiObjective;
using Plait.Torch;
using static Plait.Tests.Optimization.GivenRows;

namespace Plait.Tests.Optimization.MultiObjective;

[Collection("torch")]
public sealed class ModoTests
{
    [Fact]
    public void First_step_by_hand()
    {
        // M λ = (-2, 8) and ρ λ = (0.05, 0.05): λ moves by 0.001 (1.95, -8.05), of which the mean is taken off.
        double[] shares = [0.5 + 0.005, 0.5 - 0.005];

        var update = new Modo().Update(Golden);

        Assert.Equal((shares[0] * -4) + (shares[1] * 6), update[0], 1e-12);
        Assert.Equal(1, update[1], 1e-12);
    }

    [Fact]
    public void With_constant_gradients_it_ends_at_the_shortest_combination()
    {
        var method = new Modo(rho: 0);
        for (var step = 0; step < 300; step++)
        {
            method.Update(Golden);
        }

        Assert.Equal(0, method.Update(Golden)[0], 1e-6);
    }

    [Fact]
    public void Weights_move_by_the_products_of_two_other_batches_and_apply_to_the_steps_own()
    {
        using var scope = torch.NewDisposeScope();
        double[][][] others =
        [
            [
                [1, 2, 0],
                [0, 1, 0],
            ],
            [
                [3, 0, 1],
                [1, 1, 1],
            ],
        ];
        using var gradients = Of(
            Golden,
            number => torch.tensor(others[number].SelectMany(row => row).ToArray()).view(2, 3)
        );

        var update = Numbers.Read(new Modo(gamma: 0.01, rho: 0).Aggregate(gradients, StepContexts.At()));

        // J1 J2' = [[3, 3], [0, 1]], times (1/2, 1/2) = (3, 1/2).
        double[] shares = [0.5 - 0.0125, 0.5 + 0.0125];
        Assert.Equal((shares[0] * -4) + (shares[1] * 6), update[0], 1e-12);
    }

    [Fact]
    public void A_network_without_other_batches_is_refused()
    {
        using var scope = torch.NewDisposeScope();
        var network = SmallNetworks.Make("hard sharing, cut");
        using var batch = SmallNetworks.Batch(SmallNetworks.Tasks.All, shared: true);
        var outputs = network.Forward(batch, batch.Tasks, cut: true);
        using var gradients = TaskGradients.Of(SmallNetworks.Losses(outputs, batch), network, outputs);

        var refusal = Assert.Throws<InvalidOperationException>(() =>
            new Modo().Aggregate(gradients, StepContexts.At(tasks: 3))
        );
        Assert.Contains("say how their gradients come about", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_resumed_run_goes_on_with_its_weights()
    {
        var unbroken = new Modo(gamma: 0.01);
        unbroken.Update(Golden);
        var state = new StateDictionary();
        unbroken.Save(state);
        var resumed = new Modo(gamma: 0.01);
        resumed.Begin(2);
        resumed.Load(state);

        var next = unbroken.Update(Golden);
        Assert.Equal(next, resumed.Update(Golden));
        Assert.NotEqual(next, new Modo(gamma: 0.01).Update(Golden));
    }

    [Fact]
    public void A_gradient_that_is_not_finite_is_named() =>
        Assert.Contains(
            "task 1",
            Assert
                .Throws<NonFiniteException>(() =>
                    new Modo().Update([
                        [1, 2],
                        [double.NaN, 0],
                    ])
                )
                .Message,
            StringComparison.Ordinal
        );
}
