using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Optimization;
using Plait.Optimization.GradientModulation;
using Plait.Optimization.Regularization;
using Plait.Tasks;
using Plait.Tests.Networks;
using Plait.Tests.Training;
using Plait.Torch;
using Plait.Training;

namespace Plait.Tests.Optimization.Regularization;

[Collection("torch")]
public sealed class AsymmetricFeaturesTests
{
    [Fact]
    public void Losses_add_up_to_the_paper_s_objective_and_so_do_their_gradients()
    {
        using var network = SmallNetworks.Make("hard sharing, cut");
        using var batch = SmallNetworks.Batch(network.Tasks.All, shared: true);
        var method = new AsymmetricFeatures(transfer: 0.3, reconstruction: 0.7);
        method.Begin(network);
        var (transfer, bias) = (method.Parameters[0], method.Parameters[1]);
        using var scope = torch.NewDisposeScope();
        using (torch.no_grad())
        {
            transfer.copy_(torch.randn_like(transfer));
        }

        var outputs = network.Forward(batch, network.Tasks.All, cut: true);
        var losses = SmallNetworks.Losses(outputs, batch).Scalars;
        var pass = new ForwardResult(network, batch, outputs, StepContexts.At(tasks: 3));
        var added = losses.Select((loss, task) => method.Add(loss, task, pass)).ToArray();
        using (var gradients = TaskGradients.Of(new TaskLosses(network.Tasks.All, added), network, outputs))
        {
            gradients.Apply(new Sum(), pass.Step);
        }

        Tensor[] learned = [.. network.parameters(), transfer, bias];
        var found = learned.Select(parameter => Numbers.Read(parameter.grad!)).ToArray();
        foreach (var parameter in learned)
        {
            parameter.grad!.zero_();
        }

        var whole = Objective();
        whole.backward();

        Assert.Equal(whole.item<double>(), added.Sum(loss => loss.item<double>()), 1e-10);
        for (var i = 0; i < learned.Length; i++)
        {
            Assert.Equal(Numbers.Read(learned[i].grad!), found[i], (a, b) => Math.Abs(a - b) < 1e-10);
        }

        foreach (var parameter in learned)
        {
            parameter.grad = null;
        }

        FiniteDifference.AssertGradients([transfer, bias], Objective);

        Tensor Objective()
        {
            var uncut = network.Forward(batch, network.Tasks.All);
            var own = SmallNetworks.Losses(uncut, batch).Scalars;
            var features = ((HardSharing)network).children().OfType<Encoder>().Single().Features(batch.Input);
            var all = torch.cat([uncut[0].view(-1, 1), uncut[1], uncut[2].view(-1, 1)], 1);
            var distance = (features - (all.mm(transfer) + bias).relu()).square().sum(1L).mean();
            int[] first = [0, 1, 4, 5];
            return Enumerable
                    .Range(0, 3)
                    .Select(task =>
                        own[task]
                        * (1 + (0.3 * transfer.narrow(0, first[task], first[task + 1] - first[task]).abs().sum()))
                    )
                    .Aggregate((sum, loss) => sum + loss) + (0.7 * distance);
        }
    }

    [Fact]
    public void A_task_of_noise_shapes_the_features_less_than_one_that_can_be_learned()
    {
        using var scope = torch.NewDisposeScope();
        var tasks = StepContexts.Regressions(2);
        var input = LinearTasks.Normal(1, 120, 6);
        var clear = input.select(1, 0) + input.select(1, 1);
        using var data = TensorData.Shared(
            tasks,
            input,
            [TaskTarget.Of(clear), TaskTarget.Of(LinearTasks.Normal(2, 120) * clear.std())]
        );
        using var source = data.Batches(120);
        torch.manual_seed(1);
        using var network = new HardSharing(tasks, new Mlp(6, [12]));
        var method = new AsymmetricFeatures(transfer: 0.05, reconstruction: 0.1);
        var recipe = new Recipe
        {
            Epochs = 300,
            Auxiliaries = [method],
            Optimizer = new AdamOptimizer(0.01),
            GradientRecordInterval = 0,
        };

        new Trainer(network, recipe).Fit(source, null);

        Assert.InRange(method.Influences[0], 3 * method.Influences[1], 100);
    }

    [Fact]
    public void A_training_resumes_in_the_same_bits()
    {
        using var data = SmallRuns.Data(150);
        using var train = data.Batches(32, shuffleSeed: 5);
        Resumption.AssertSameBits(
            () => new Recipe { Epochs = 4, Auxiliaries = [new AsymmetricFeatures()] },
            () => SmallRuns.Network(),
            train,
            null
        );
    }

    [Fact]
    public void Networks_and_batches_without_shared_features_are_refused()
    {
        using var towers = PenaltyCases.Towers(2);
        Assert.Throws<NotSupportedException>(() => new AsymmetricFeatures().Begin(towers));

        using var data = SmallRuns.PerTaskData();
        using var train = data.Batches(16);
        using var network = SmallRuns.Network();
        var recipe = new Recipe { Epochs = 1, Auxiliaries = [new AsymmetricFeatures()] };
        Assert.Throws<NotSupportedException>(() => new Trainer(network, recipe).Fit(train, null));
    }
}
