using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Optimization;
using Plait.Optimization.GradientModulation;
using Plait.Torch;

namespace Plait.Tests.Optimization.GradientModulation;

[Collection("torch")]
public sealed class RotoGradTests
{
    [Fact]
    public void The_trunk_receives_the_unit_gradients_times_one_length()
    {
        using var scope = torch.NewDisposeScope();
        var network = Network();
        using var batch = SmallNetworks.Batch(SmallNetworks.Tasks.All, shared: true);
        using var gradients = Forward(network, batch);
        var rows = gradients.RowsAt(GradientLocation.Representation).clone();
        var norms = Numbers.Read(rows.square().sum(dim: 1L).sqrt());

        var update = new RotoGrad().Aggregate(gradients, StepContexts.At(tasks: 3)).clone();

        using var again = Forward(network, batch);
        var units = rows.div(torch.tensor(norms).unsqueeze(1)).sum(dim: 0L);
        var expected = again.Backpropagate(units * norms.Average()); // at the start every task has all of its norm left
        Assert.InRange((update - expected).abs().max().item<double>(), 0, 1e-12);
    }

    [Fact]
    public void A_task_that_has_converged_less_since_the_start_counts_more_in_the_length()
    {
        using var scope = torch.NewDisposeScope();
        var network = Network();
        using var batch = SmallNetworks.Batch(SmallNetworks.Tasks.All, shared: true);
        var method = new RotoGrad();
        Step(method, network, batch, weights: [1, 1, 1]);
        var (before, norms) = Step(method, network, batch, weights: [1, 0.5, 0.1]);

        // Norms fell to 1, 1/2 and 1/10 of the start.
        var length = (norms[0] + (0.5 * norms[1]) + (0.1 * norms[2])) / 1.6;
        Assert.Equal(length, before / Units(network, batch), 1e-9 * length);
    }

    [Fact]
    public void The_norms_of_the_start_are_taken_anew_when_the_burn_in_ends_and_survive_a_checkpoint()
    {
        using var scope = torch.NewDisposeScope();
        var network = Network();
        using var batch = SmallNetworks.Batch(SmallNetworks.Tasks.All, shared: true);
        var method = new RotoGrad(burnIn: 2);
        Step(method, network, batch, weights: [1, 1, 1]);
        Step(method, network, batch, weights: [1, 0.5, 0.1], step: 2);
        var state = new StateDictionary();
        method.Save(state);
        var resumed = new RotoGrad(burnIn: 2);
        resumed.Begin(network);
        resumed.Load(state);

        var (next, norms) = Step(method, network, batch, weights: [1, 0.5, 0.1], step: 3);
        Assert.Equal(norms.Average(), next / Units(network, batch), 1e-9); // all have everything left since step 2
        Assert.Equal(next, Step(resumed, network, batch, weights: [1, 0.5, 0.1], step: 3).Norm);
    }

    [Fact]
    public void The_rotations_get_the_gradient_of_the_alignment_and_not_of_their_losses()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(5);
        var network = Network();
        using var batch = SmallNetworks.Batch(SmallNetworks.Tasks.All, shared: true);
        using (torch.no_grad())
        {
            for (var task = 0; task < 3; task++)
            {
                network.AnglesOf(task).copy_(torch.randn_like(network.AnglesOf(task)) * 0.4);
            }
        }

        using var gradients = Forward(network, batch);
        var rows = gradients.RowsAt(GradientLocation.Representation).view(3, -1, 4).clone();
        var units = rows.div(rows.square().sum([1, 2], keepdim: true).sqrt());
        var wanted = units.mean([0]);
        var rotated = Enumerable
            .Range(0, 3)
            .Select(task => rows.select(0, task).mm(network.RotationOf(task).detach().t()).clone())
            .ToArray();
        new RotoGrad().Aggregate(gradients, StepContexts.At(tasks: 3));

        using var noGrad = torch.no_grad();
        for (var task = 0; task < 3; task++)
        {
            var angles = network.AnglesOf(task);
            var found = angles.grad!.clone();
            var direction = torch.randn_like(angles);
            angles.add_(direction, 1e-6);
            var above = Misalignment(task);
            angles.add_(direction, -2e-6);
            var below = Misalignment(task);
            angles.add_(direction, 1e-6);
            Assert.Equal((above - below) / 2e-6, (found * direction).sum().item<double>(), 1e-7);
        }

        double Misalignment(int task) => -rotated[task].mm(network.RotationOf(task)).mul(wanted).sum().item<double>();
    }

    [Fact]
    public void Learning_the_rotations_alone_aligns_the_gradients()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        var network = Network();
        using var batch = SmallNetworks.Batch(SmallNetworks.Tasks.All, shared: true);
        var method = new RotoGrad();
        var angles = Enumerable.Range(0, 3).Select(network.AnglesOf).ToArray();
        using var optimizer = torch.optim.Adam(angles, 0.02);
        var before = Cosines(network, batch);
        for (var step = 0; step < 150; step++)
        {
            using var inner = torch.NewDisposeScope();
            Forward(network, batch).Apply(method, StepContexts.At(step, tasks: 3));
            optimizer.step();
        }

        var after = Cosines(network, batch);
        Assert.True(after > before + 0.3, $"the mean cosine went from {before} to {after}");
    }

    [Fact]
    public void Another_network_is_refused_in_one_line()
    {
        using var network = SmallNetworks.Make("hard sharing");
        var refusal = Assert.Throws<NotSupportedException>(() => new RotoGrad().Begin(network));
        Assert.Contains("'rotated'", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => new RotoGrad().Update(GivenRows.Golden));
        Assert.Throws<ArgumentException>(() => new RotoGrad(burnIn: 0));
    }

    private static RotatedNetwork Network()
    {
        torch.manual_seed(11);
        var network = new RotatedNetwork(SmallNetworks.Tasks, new Mlp(5, [7, 4]));
        network.to(ScalarType.Float64);
        return network;
    }

    private static TaskGradients Forward(RotatedNetwork network, MultiTaskBatch batch, double[]? weights = null)
    {
        var outputs = network.Forward(batch, batch.Tasks, cut: true);
        var losses = SmallNetworks.Losses(outputs, batch);
        var objective = weights is null ? null : losses.Values.mul(torch.tensor(weights)).sum();
        return TaskGradients.Of(losses, network, outputs, objective);
    }

    /// <summary>One step of the method: the norm of the update, and the norms of the gradients by the features.</summary>
    private static (double Norm, double[] Norms) Step(
        RotoGrad method,
        RotatedNetwork network,
        MultiTaskBatch batch,
        double[] weights,
        long step = 0
    )
    {
        using var gradients = Forward(network, batch, weights);
        var norms = Numbers.Read(gradients.RowsAt(GradientLocation.Representation).square().sum(dim: 1L).sqrt());
        return (method.Aggregate(gradients, StepContexts.At(step, tasks: 3)).norm().item<double>(), norms);
    }

    /// <summary>The norm of the update that the sum of the unit gradients makes.</summary>
    private static double Units(RotatedNetwork network, MultiTaskBatch batch)
    {
        using var gradients = Forward(network, batch);
        var rows = gradients.RowsAt(GradientLocation.Representation);
        var units = rows.div(rows.square().sum(dim: 1L, keepdim: true).sqrt()).sum(dim: 0L);
        return gradients.Backpropagate(units).norm().item<double>();
    }

    private static double Cosines(RotatedNetwork network, MultiTaskBatch batch)
    {
        using var gradients = Forward(network, batch);
        var gramian = gradients.Gramian(GradientLocation.Representation);
        var sum = 0.0;
        for (var i = 0; i < 3; i++)
        {
            var j = (i + 1) % 3;
            sum += gramian[i, j] / Math.Sqrt(gramian[i, i] * gramian[j, j]) / 3;
        }

        return sum;
    }
}
