using Plait.Data;
using Plait.Networks.SingleTasking;
using Plait.Optimization;
using Plait.Optimization.GradientModulation;
using Plait.Tasks;
using Plait.Training;
using static Plait.Tests.Networks.SingleTasking.SmallMaps;
using static TorchSharp.torch.nn;

namespace Plait.Tests.Networks.SingleTasking;

/// <summary>The adversary of the paper's section 3.3 on the network of its section 3.2.</summary>
[Collection("torch")]
public sealed class AstmtAdversaryTests
{
    private const double Weight = 0.5;

    [Fact]
    public void The_discriminators_accuracy_falls_towards_chance_when_the_networks_gradients_are_turned_round()
    {
        using var scope = torch.NewDisposeScope();
        var told = Play(epoch: -1); // a reversal of strength 0: the discriminator alone learns from the term
        var fooled = Play(epoch: 9); // of nearly 1
        Assert.True(told > 0.8, $"alone, it tells {told:P0} of the places");
        Assert.True(fooled < 0.7, $"it still tells {fooled:P0} of the places");
    }

    [Fact]
    public void A_recipe_trains_both_together()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        using var network = new Astmt(Two, Trained());
        var method = new AdversarialGradients();
        using var data = DrawnShapes.Draw(Two, rows: 32, Side);
        var recipe = new Recipe { Auxiliaries = [method], Epochs = 2 };
        method.Begin(network);
        var before = method.Parameters.Select(parameter => parameter.clone()).ToArray();
        new Trainer(network, recipe).Fit(data.Batches(8, 1));
        Assert.All(method.Parameters.Zip(before), pair => Assert.NotEqual(0, Difference(pair.First, pair.Second)));
    }

    /// <summary>Trains network and discriminator together; the share of the places of further images that the discriminator tells.</summary>
    private static double Play(int epoch)
    {
        torch.manual_seed(1);
        using var network = new Astmt(Two, Trained(width: 8));
        var method = new AdversarialGradients(Weight);
        method.Begin(network);
        using var optimizer = torch.optim.Adam([.. network.parameters(), .. method.Parameters], 0.02);
        var step = new StepContext
        {
            Tasks = Two,
            Epoch = epoch,
            Epochs = 10,
        };
        for (var i = 0; i < 100; i++)
        {
            using var inner = torch.NewDisposeScope();
            using var batch = Batch(8);
            optimizer.zero_grad();
            var outputs = network.Forward(batch, Two.All);
            var pass = new ForwardResult(network, batch, outputs, step);
            method.Add(Loss(0), 0, pass).add(method.Add(Loss(1), 1, pass)).backward();
            optimizer.step();

            Tensor Loss(int task) => Two[task].Loss.Compute(outputs[task], batch.TargetOf(task));
        }

        return Accuracy(network, method);
    }

    private static double Accuracy(Astmt network, AdversarialGradients method)
    {
        using var batch = Batch(64);
        var outputs = network.Forward(batch, Two.All);
        var right = 0.0;
        for (var task = 0; task < 2; task++)
        {
            var features = outputs.FeaturesOf(task)!.Values;
            var loss = Two[task].Loss.Compute(outputs[task], batch.TargetOf(task));
            var gradient = torch.autograd.grad([loss], [features], retain_graph: true)[0];
            var places = gradient.permute(0, 2, 3, 1).reshape(-1, gradient.size(1));
            var units = places / places.square().sum(dim: 1L, keepdim: true).sqrt().clamp(min: 1e-30);
            var hidden = functional.linear(units, method.Parameters[0], method.Parameters[1]).relu();
            var said = functional.linear(hidden, method.Parameters[2], method.Parameters[3]).argmax(1);
            right += said.eq(task).to(ScalarType.Float64).mean().item<double>() / 2;
        }

        return right;
    }

    private static MultiTaskBatch Batch(int rows)
    {
        var (images, _, pixels, bulge) = DrawnShapes.Draw(rows, Side);
        return MultiTaskBatch.Shared(Two.All, images, [TaskTarget.Of(pixels.remainder(3)), TaskTarget.Of(bulge)]);
    }
}
