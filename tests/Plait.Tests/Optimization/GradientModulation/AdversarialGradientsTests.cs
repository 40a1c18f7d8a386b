using Plait.Data;
using Plait.Networks;
using Plait.Optimization;
using Plait.Optimization.GradientModulation;
using TorchSharp.Modules;

namespace Plait.Tests.Optimization.GradientModulation;

[Collection("torch")]
public sealed class AdversarialGradientsTests
{
    private const double Weight = 0.3;

    [Fact]
    public void The_networks_gradient_is_turned_round_and_the_discriminators_is_not()
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch, method) = Start(Weight);
        Parameter[] heads = [.. network.ParametersOf(1)];
        var strength = (2 / (1 + Math.Exp(-10 * 0.5))) - 1; // epoch 4 of 10
        Clear([.. heads, .. method.Parameters]);
        Pass(network, batch, method).Total.backward();

        foreach (var parameter in heads)
        {
            var (loss, adversary) = Slopes(parameter, network, batch, method, out var predicted);
            Assert.Equal(((1 - Weight) * loss) - (Weight * strength * adversary), predicted, 1e-6);
        }

        foreach (var parameter in method.Parameters)
        {
            var (_, adversary) = Slopes(parameter, network, batch, method, out var predicted);
            Assert.Equal(Weight * adversary, predicted, 1e-6);
        }
    }

    [Fact]
    public void It_flows_into_the_features_by_a_second_derivative()
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch, method) = Start(Weight);
        var (total, _, outputs) = Pass(network, batch, method);
        var leaf = outputs.Representation!.Of(1)[0];
        total.backward();
        var found = leaf.grad!.clone();

        var plain = network.Forward(batch, batch.Tasks, cut: true);
        SmallNetworks.Losses(plain, batch).Scalars[1].backward();
        var alone = plain.Representation!.Of(1)[0].grad! * (1 - Weight);
        Assert.True((found - alone).abs().max().item<double>() > 1e-6);
    }

    [Fact]
    public void Looking_at_the_gradient_leaves_none_behind()
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch, method) = Start(Weight);
        var (_, _, outputs) = Pass(network, batch, method);
        Assert.True(outputs.Representation!.Of(1)[0].grad is null);
    }

    [Fact]
    public void The_scale_of_a_loss_leaves_the_adversarys_term_as_it_is()
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch, method) = Start(Weight);
        var terms = new[] { 1, 1e-12, 1e12 }
            .Select(scale =>
            {
                var outputs = network.Forward(batch, batch.Tasks, cut: true);
                var loss = SmallNetworks.Losses(outputs, batch).Scalars[1] * scale;
                var total = method.Add(loss, 1, At(network, batch, outputs));
                return (total - (loss * (1 - Weight))).item<double>() / Weight;
            })
            .ToArray();
        Assert.Equal(terms[0], terms[1], 1e-9);
        Assert.Equal(terms[0], terms[2], 1e-3); // the term is what is left of a much larger sum
    }

    [Fact]
    public void Without_gradients_or_a_cut_the_loss_is_as_it_was()
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch, method) = Start(Weight);
        using (torch.no_grad())
        {
            var outputs = network.Forward(batch, batch.Tasks, cut: true);
            var loss = SmallNetworks.Losses(outputs, batch).Scalars[0];
            Assert.Same(loss, method.Add(loss, 0, At(network, batch, outputs)));
        }

        var whole = network.Forward(batch, batch.Tasks);
        var uncut = SmallNetworks.Losses(whole, batch).Scalars[0];
        Assert.Same(uncut, method.Add(uncut, 0, At(network, batch, whole)));
    }

    [Fact]
    public void Tasks_with_inputs_of_their_own_are_refused()
    {
        using var scope = torch.NewDisposeScope();
        var (network, _, method) = Start(Weight);
        using var batch = SmallNetworks.Batch(SmallNetworks.Tasks.All, shared: false);
        var outputs = network.Forward(batch, batch.Tasks, cut: true);
        var loss = SmallNetworks.Losses(outputs, batch).Scalars[0];
        Assert.Throws<NotSupportedException>(() => method.Add(loss, 0, At(network, batch, outputs)));
    }

    [Fact]
    public void The_network_learns_gradients_that_the_discriminator_tells_apart_less()
    {
        using var scope = torch.NewDisposeScope();
        var told = Play(epoch: -1); // a reversal of strength 0: the discriminator alone learns from the term
        var fooled = Play(epoch: 9); // of nearly 1
        Assert.True(told < 0.75 * Math.Log(3), $"alone, its cross-entropy reaches {told}");
        Assert.True(fooled > told + 0.15, $"its cross-entropy is {fooled} against {told}");
    }

    [Fact]
    public void Options_out_of_range_and_networks_without_a_representation_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new AdversarialGradients(weight: 1.1));
        Assert.Throws<ArgumentException>(() => new AdversarialGradients(discriminatorRate: 0));
        using var network = SmallNetworks.Make("uneven");
        Assert.Throws<NotSupportedException>(() => new AdversarialGradients().Begin(network));
    }

    /// <summary>Trains heads, trunk and discriminator together; the adversary's mean cross-entropy at the end.</summary>
    private static double Play(int epoch)
    {
        var (network, batch, method) = Start(weight: 0.5);
        using var optimizer = torch.optim.Adam([.. network.parameters(), .. method.Parameters], 0.01);
        var sum = 0.0;
        for (var step = 0; step < 400; step++)
        {
            using var inner = torch.NewDisposeScope();
            optimizer.zero_grad();
            var outputs = network.Forward(batch, batch.Tasks, cut: true);
            var losses = SmallNetworks.Losses(outputs, batch).Scalars;
            var pass = At(network, batch, outputs, epoch);
            var totals = losses.Select((loss, task) => method.Add(loss, task, pass)).ToArray();
            if (step >= 350)
            {
                sum += totals.Zip(losses, (total, loss) => (2 * total.item<double>()) - loss.item<double>()).Average();
            }

            TaskGradients
                .Of(new(batch.Tasks, totals), network, outputs, alsoLearned: method.Parameters)
                .Apply(new Sum());
            optimizer.step();
        }

        return sum / 50;
    }

    private static (MultiTaskNetwork Network, MultiTaskBatch Batch, AdversarialGradients Method) Start(double weight)
    {
        torch.manual_seed(21);
        var network = SmallNetworks.Make("hard sharing, cut");
        var method = new AdversarialGradients(weight);
        method.Begin(network);
        return (network, SmallNetworks.Batch(SmallNetworks.Tasks.All, shared: true), method);
    }

    private static (Tensor Total, Tensor Loss, TaskOutputs Outputs) Pass(
        MultiTaskNetwork network,
        MultiTaskBatch batch,
        AdversarialGradients method
    )
    {
        var outputs = network.Forward(batch, batch.Tasks, cut: true);
        var loss = SmallNetworks.Losses(outputs, batch).Scalars[1];
        return (method.Add(loss, 1, At(network, batch, outputs)), loss, outputs);
    }

    private static ForwardResult At(
        MultiTaskNetwork network,
        MultiTaskBatch batch,
        TaskOutputs outputs,
        int epoch = 4
    ) => new(network, batch, outputs, StepContexts.At(epoch: epoch, tasks: 3) with { Epochs = 10 });

    /// <summary>How the loss and the adversary's change along a random direction, measured; what the gradient predicts of the total.</summary>
    private static (double Loss, double Adversary) Slopes(
        Parameter parameter,
        MultiTaskNetwork network,
        MultiTaskBatch batch,
        AdversarialGradients method,
        out double predicted
    )
    {
        var direction = torch.randn_like(parameter);
        predicted = (parameter.grad! * direction).sum().item<double>();
        var (above, lossAbove) = Moved(1e-6);
        var (below, lossBelow) = Moved(-2e-6);
        Moved(1e-6);
        var loss = (lossAbove - lossBelow) / 2e-6;
        return (loss, ((above - below) / 2e-6 / Weight) - ((1 - Weight) / Weight * loss));

        (double Total, double Loss) Moved(double length)
        {
            using (torch.no_grad())
            {
                parameter.add_(direction, length);
            }

            var (total, own, _) = Pass(network, batch, method);
            return (total.item<double>(), own.item<double>());
        }
    }

    private static void Clear(Parameter[] parameters)
    {
        foreach (var parameter in parameters)
        {
            parameter.grad?.zero_();
        }
    }
}
