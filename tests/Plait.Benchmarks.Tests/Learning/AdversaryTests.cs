using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.SingleTasking;
using Plait.Optimization;
using Plait.Optimization.GradientModulation;
using Plait.Tasks;
using static TorchSharp.torch.nn;

namespace Plait.Benchmarks.Tests.Learning;

/// <summary>The adversary of attentive single-tasking on scenes.</summary>
[Collection("torch")]
public sealed class AdversaryTests(SceneTrainings trainings, ITestOutputHelper output)
{
    private const int Steps = 100;
    private const double Rate = 0.01;
    private const double Weight = 0.5;
    private const int BatchSize = 16;

    [Fact(Explicit = true)]
    [Trait("category", "slow")]
    public void The_discriminators_accuracy_falls_towards_chance_when_the_networks_gradients_are_turned_round()
    {
        using var scenes = trainings.Load(seed: 1);
        using var train = scenes.Train.SelectTasks(["segmentation", "depth", "normals"]);
        using var test = scenes.Test.SelectTasks(["segmentation", "depth", "normals"]);
        var told = Play(train, test, epoch: -1); // a reversal of strength 0: the discriminator alone learns from the term
        var fooled = Play(train, test, epoch: 9); // of nearly 1
        output.WriteLine($"alone {told:P0}, answered {fooled:P0}; chance is a third");
        Assert.True(told > 0.8, $"alone, it tells {told:P0} of the places");
        Assert.True(fooled < 0.6, $"it still tells {fooled:P0} of the places");
    }

    /// <summary>Trains network and discriminator together; the share of the places of unseen images that the discriminator tells.</summary>
    private static double Play(TensorData train, TensorData test, int epoch)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        using var network = new Astmt(train.Tasks, new TinyResNet([.. train.Input.shape[1..]], width: 8));
        var method = new AdversarialGradients(Weight);
        method.Begin(network);
        using var optimizer = torch.optim.Adam([.. network.parameters(), .. method.Parameters], Rate);
        var step = new StepContext
        {
            Tasks = train.Tasks,
            Epoch = epoch,
            Epochs = 10,
        };
        using var batches = train.Batches(BatchSize, shuffleSeed: 1);
        for (var place = 0; place < Steps; place++)
        {
            using var inner = torch.NewDisposeScope();
            var batch = batches.Read(train.Tasks.All, [.. train.Tasks.Select(_ => (long)place)]);
            optimizer.zero_grad();
            var outputs = network.Forward(batch, train.Tasks.All);
            var pass = new ForwardResult(network, batch, outputs, step);
            train
                .Tasks.Select((task, i) => method.Add(task.Loss.Compute(outputs[i], batch.TargetOf(i)), i, pass))
                .Aggregate((sum, loss) => sum + loss)
                .backward();
            optimizer.step();
        }

        return Told(network, method, test);
    }

    /// <summary>The mean over the tasks of the share of their places that the discriminator gives to them.</summary>
    private static double Told(Astmt network, AdversarialGradients method, TensorData test)
    {
        using var batches = test.Batches(64);
        var batch = batches.Read(test.Tasks.All, [.. test.Tasks.Select(_ => 0L)]);
        var outputs = network.Forward(batch, test.Tasks.All);
        return test
            .Tasks.Select(
                (task, i) =>
                {
                    var loss = task.Loss.Compute(outputs[i], batch.TargetOf(i));
                    var gradient = torch.autograd.grad([loss], [outputs.FeaturesOf(i)!.Values], retain_graph: true)[0];
                    var places = gradient.permute(0, 2, 3, 1).reshape(-1, gradient.size(1));
                    places = places.index_select(0, places.abs().amax([1]).gt(0).nonzero().flatten());
                    var units = places / places.square().sum(dim: 1L, keepdim: true).sqrt();
                    var hidden = functional.linear(units, method.Parameters[0], method.Parameters[1]).relu();
                    var said = functional.linear(hidden, method.Parameters[2], method.Parameters[3]).argmax(1);
                    return said.eq(i).to(ScalarType.Float64).mean().item<double>();
                }
            )
            .Average();
    }
}
