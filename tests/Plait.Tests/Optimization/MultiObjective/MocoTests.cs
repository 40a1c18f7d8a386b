using Plait.Optimization;
using Plait.Optimization.MultiObjective;
using Plait.Torch;
using static Plait.Tests.Optimization.GivenRows;

namespace Plait.Tests.Optimization.MultiObjective;

[Collection("torch")]
public sealed class MocoTests
{
    [Fact]
    public void First_step_by_hand()
    {
        // y = g/2, so YY' = [[4.5, -5.5], [-5.5, 9.5]]; λ moves from (1/2, 1/2) by -0.1 (-0.5, 2).
        double[] shares = [0.5 + 0.125, 0.5 - 0.125];
        var expected = Enumerable
            .Range(0, 3)
            .Select(i => (shares[0] * Golden[0][i] / 2) + (shares[1] * Golden[1][i] / 2));

        AssertClose(expected, new Moco().Update(Golden));
    }

    /// <summary>y = (1 - 1/2) y + g/2 at the rate 1/2^1 and λ by 0.08/2^2: each step size falls by a power of its own.</summary>
    [Fact]
    public void Second_step_by_hand_with_a_power_for_each_step_size()
    {
        var method = new Moco(beta: 1, betaSigma: 1, gamma: 0.08, gammaSigma: 2);
        double[][] next =
        [
            [1, 0, 0],
            [0, 1, 0],
        ];
        method.Begin(2);
        method.Update(Golden); // y = g, YY' = [[18, -22], [-22, 38]], λ = (1/2, 1/2) - 0.08 (-2, 8), projected: (0.9, 0.1)

        var update = method.Update(next, step: 1);

        // y = ((-1.5, 0.5, 0.5), (3, 1, 0.5)), YY' = [[2.75, -3.75], [-3.75, 10.25]], YY' λ = (2.1, -2.35)
        var first = 0.9 - (0.02 * (2.1 + 2.35) / 2);
        AssertClose([(-1.5 * first) + (3 * (1 - first)), (0.5 * first) + 1 - first, 0.5], update);
    }

    [Fact]
    public void Softmax_takes_the_place_of_the_projection()
    {
        double[] moved = [Math.Exp(0.5 + 0.05), Math.Exp(0.5 - 0.2)];
        double[] shares = [.. moved.Select(value => value / moved.Sum())];
        var expected = Enumerable
            .Range(0, 3)
            .Select(i => (shares[0] * Golden[0][i] / 2) + (shares[1] * Golden[1][i] / 2));

        AssertClose(expected, new Moco(projection: SimplexMapping.Softmax).Update(Golden));
    }

    [Fact]
    public void With_constant_gradients_it_ends_at_the_shortest_combination()
    {
        var method = new Moco(gamma: 0.02, gammaSigma: 0.1);
        double[] update = [];
        for (var step = 0; step < 2000; step++)
        {
            update = method.Update(Golden, step);
        }

        AssertClose([0, 1, 1], update, 1e-3);
    }

    [Fact]
    public void The_means_forget_the_noise_of_single_gradients()
    {
        var random = new Random(3);
        var method = new Moco(gamma: 0.01);
        double[] update = [];
        for (var step = 0; step < 3000; step++)
        {
            update = method.Update([.. Golden.Select(row => row.Select(x => x + random.NextDouble() - 0.5).ToArray())]);
        }

        AssertClose([0, 1, 1], update, 0.15);
    }

    [Fact]
    public void A_resumed_run_goes_on_with_its_means_and_weights()
    {
        var unbroken = new Moco();
        unbroken.Begin(2);
        unbroken.Update(Golden);
        var state = new StateDictionary();
        unbroken.Save(state);
        var resumed = new Moco();
        resumed.Begin(2);
        resumed.Load(state);

        var next = unbroken.Update(Golden, step: 1);
        Assert.Equal(next, resumed.Update(Golden, step: 1));
        Assert.NotEqual(next, new Moco().Update(Golden, step: 1));
    }

    [Fact]
    public void A_run_that_begins_forgets_the_one_before()
    {
        var method = new Moco();
        var first = method.Update(Golden);
        method.Begin(2);
        Assert.Equal(first, method.Update(Golden));
    }

    [Fact]
    public void A_step_of_some_tasks_moves_theirs_alone()
    {
        using var scope = torch.NewDisposeScope();
        var network = SmallNetworks.Make("hard sharing, cut");
        var method = new Moco();
        method.Begin(network);
        foreach (int[] tasks in new int[][] { [0, 1, 2], [0, 2] })
        {
            using var batch = SmallNetworks.Batch(SmallNetworks.Tasks.Select(tasks), shared: true);
            var outputs = network.Forward(batch, batch.Tasks, cut: true);
            var before = new StateDictionary();
            method.Save(before);
            TaskGradients.Of(SmallNetworks.Losses(outputs, batch), network, outputs).Apply(method);
            var after = new StateDictionary();
            method.Save(after);
            if (tasks.Length == 2)
            {
                Assert.Equal(Row(before, 1), Row(after, 1));
                Assert.NotEqual(Row(before, 0), Row(after, 0));
                Assert.Equal(before.Numbers("weights")[1], after.Numbers("weights")[1]);
                Assert.Equal(1, after.Numbers("weights").Sum(), 1e-12);
            }
        }

        static double[] Row(StateDictionary state, int task) => Numbers.Read(state.Tensor("means").select(0, task));
    }

    [Fact]
    public void Normalised_it_tracks_unit_gradients_times_the_losses()
    {
        using var scope = torch.NewDisposeScope();
        var network = SmallNetworks.Make("hard sharing, cut");
        using var batch = SmallNetworks.Batch(SmallNetworks.Tasks.All, shared: true);
        var outputs = network.Forward(batch, batch.Tasks, cut: true);
        using var gradients = TaskGradients.Of(SmallNetworks.Losses(outputs, batch), network, outputs);
        var method = new Moco(beta: 1, normalized: true);

        method.Aggregate(gradients, StepContexts.At(tasks: 3));

        var state = new StateDictionary();
        method.Save(state);
        var norms = Numbers.Read(state.Tensor("means").square().sum(dim: 1L).sqrt());
        AssertClose(gradients.Losses.Numbers.ToArray(), norms);
    }

    [Fact]
    public void A_gradient_that_is_not_finite_is_named_and_not_tracked()
    {
        var method = new Moco();
        var first = new Moco();
        Assert.Throws<NonFiniteException>(() =>
            method.Update([
                [1, double.PositiveInfinity],
                [1, 2],
            ])
        );
        Assert.Equal(
            first.Update([
                [1, 3],
                [1, 2],
            ]),
            method.Update([
                [1, 3],
                [1, 2],
            ])
        );
    }

    [Theory]
    [InlineData(1.5, 0.1)]
    [InlineData(0.5, -1)]
    public void Options_out_of_range_are_refused(double beta, double gamma) =>
        Assert.Throws<ArgumentException>(() => new Moco(beta: beta, gamma: gamma));

    private static void AssertClose(IEnumerable<double> expected, double[] actual, double tolerance = 1e-12) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
}
