using Plait.Networks;
using Plait.Optimization;
using Plait.Optimization.GradientModulation;
using Plait.Optimization.MultiObjective;
using Plait.Torch;

namespace Plait.Tests.Optimization;

/// <summary>A loop that knows of task gradients and of nothing else of this library's training.</summary>
[Collection("torch")]
public sealed class OwnLoopTests
{
    [Theory]
    [InlineData("hard sharing", "none")]
    [InlineData("hard sharing", "zero_grad")]
    [InlineData("hard sharing", "taken away")]
    [InlineData("hard sharing", "another in its place")]
    [InlineData("uneven", "zero_grad")]
    public void Learns_with_a_stock_optimizer_whatever_became_of_the_gradients_before(string make, string before)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        var network = SmallNetworks.Make(make, ScalarType.Float32);
        var batch = SmallNetworks.Batch(SmallNetworks.Tasks.All, shared: true, ScalarType.Float32);
        var optimizer = torch.optim.Adam(network.parameters(), 0.05);
        var losses = new List<double>();
        for (var step = 0; step < 60; step++)
        {
            using var inner = torch.NewDisposeScope();
            Disturb(network, optimizer, before);
            var taken = SmallNetworks.Losses(network.Forward(batch, batch.Tasks), batch);
            TaskGradients.Of(taken, network).Apply(new PCGrad());
            optimizer.step();
            losses.Add(taken.Numbers.ToArray().Sum());
        }

        Assert.InRange(losses[^1], 0, losses[0] * 0.3);
    }

    [Fact]
    public void A_step_is_the_same_as_without_this_library()
    {
        using var scope = torch.NewDisposeScope();
        var batch = SmallNetworks.Batch(SmallNetworks.Tasks.All, shared: true);
        double[][] after =
        [
            .. new[] { true, false }.Select(own =>
            {
                torch.manual_seed(2);
                var network = SmallNetworks.Make("hard sharing");
                var optimizer = torch.optim.SGD(network.parameters(), 0.1, momentum: 0.9);
                for (var step = 0; step < 10; step++)
                {
                    optimizer.zero_grad();
                    var losses = SmallNetworks.Losses(network.Forward(batch, batch.Tasks), batch);
                    if (own)
                    {
                        TaskGradients.Of(losses, network).Apply(new Sum());
                    }
                    else
                    {
                        torch.stack(losses.Scalars).sum().backward();
                    }

                    optimizer.step();
                }

                return network.parameters().SelectMany(Numbers.Read).ToArray();
            }),
        ];

        Assert.All(after[0].Zip(after[1]), pair => Assert.Equal(pair.First, pair.Second, 12));
    }

    [Theory]
    [InlineData("hard sharing")]
    [InlineData("hard sharing, cut")]
    [InlineData("uneven")]
    public void No_tensor_is_left_behind_by_two_thousand_steps(string make)
    {
        using var scope = torch.NewDisposeScope();
        var network = SmallNetworks.Make(make, ScalarType.Float32);
        var batch = SmallNetworks.Batch(SmallNetworks.Tasks.All, shared: true, ScalarType.Float32);
        var optimizer = torch.optim.SGD(network.parameters(), 0.01);
        GradientAggregator[] aggregators =
        [
            new Sum(),
            new PCGrad(),
            SmallNetworks.IsCut(make) ? new Mgda(GradientLocation.Representation) : new Mgda(),
        ];
        var start = 0L;
        for (var step = 0; step < 2_000; step++)
        {
            using var inner = torch.NewDisposeScope();
            var outputs = network.Forward(batch, batch.Tasks, SmallNetworks.IsCut(make));
            var losses = SmallNetworks.Losses(outputs, batch);
            TaskGradients.Of(losses, network, outputs, losses.Values.mul(2)).Apply(aggregators[step % 3]);
            optimizer.step();
            if (step == 100)
            {
                start = torch.Tensor.TotalCount;
            }
        }

        Assert.InRange(torch.Tensor.TotalCount - start, long.MinValue, 30);
    }

    [Fact]
    public void Without_any_scope_task_gradients_release_what_they_made()
    {
        var network = SmallNetworks.Make("hard sharing", ScalarType.Float32);
        var batch = SmallNetworks.Batch(SmallNetworks.Tasks.All, shared: true, ScalarType.Float32);
        TaskGradients.Of(SmallNetworks.Losses(network.Forward(batch, batch.Tasks), batch), network).Apply(new PCGrad()); // makes the storage, which stays
        for (var step = 0; step < 5; step++)
        {
            var losses = SmallNetworks.Losses(network.Forward(batch, batch.Tasks), batch);
            var before = torch.Tensor.TotalCount;

            TaskGradients.Of(losses, network).Apply(new PCGrad());

            Assert.InRange(torch.Tensor.TotalCount - before, long.MinValue, 0);
        }
    }

    [Fact]
    public void Flat_storage_outlives_the_scope_it_was_made_in()
    {
        using var network = SmallNetworks.Make("hard sharing", ScalarType.Float32);
        using (torch.NewDisposeScope())
        {
            _ = network.Storage;
        }

        var storage = network.Storage;
        using var scope = torch.NewDisposeScope();
        storage.Values.fill_(0.25f);
        storage.Gradients.fill_(4f);

        Assert.All(network.parameters(), parameter => Assert.All(Numbers.Read(parameter), x => Assert.Equal(0.25, x)));
        Assert.All(
            network.parameters(),
            parameter => Assert.All(Numbers.Read(parameter.grad!), x => Assert.Equal(4, x))
        );
    }

    [Fact]
    public void A_graph_from_before_the_first_use_goes_backwards_all_the_same()
    {
        using var scope = torch.NewDisposeScope();
        var network = SmallNetworks.Make("hard sharing");
        var batch = SmallNetworks.Batch(SmallNetworks.Tasks.All, shared: true);
        var losses = SmallNetworks.Losses(network.Forward(batch, batch.Tasks), batch);

        TaskGradients.Of(losses, network).Apply(new Sum()); // moves the parameters that the graph holds

        Assert.Contains(Numbers.Read(network.Storage.SharedGradients), value => value != 0);
    }

    [Fact]
    public void A_network_that_was_moved_gets_new_storage()
    {
        using var scope = torch.NewDisposeScope();
        var network = SmallNetworks.Make("hard sharing", ScalarType.Float32);
        _ = network.Storage;

        network.to(ScalarType.Float64);

        Assert.Equal(ScalarType.Float64, network.Storage.Values.dtype);
    }

    private static void Disturb(MultiTaskNetwork network, torch.optim.Optimizer optimizer, string before)
    {
        if (before == "zero_grad")
        {
            optimizer.zero_grad();
            return;
        }

        foreach (var parameter in network.parameters().Where(parameter => parameter.requires_grad && before != "none"))
        {
            parameter.grad = before == "taken away" ? null : torch.ones_like(parameter).detach();
        }
    }
}
