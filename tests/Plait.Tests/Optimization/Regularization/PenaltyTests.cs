using Plait.Catalogue;
using Plait.Optimization.Regularization;
using Plait.Torch;

namespace Plait.Tests.Optimization.Regularization;

[Collection("torch")]
public sealed class PenaltyTests
{
    [Fact]
    public void Soft_sharing_times_the_number_of_tasks_is_the_distance_of_all_pairs()
    {
        using var network = PenaltyCases.Towers(3);
        using var scope = torch.NewDisposeScope();
        var ofTask = network
            .Tasks.Select((_, task) => torch.cat([.. network.ParametersOf(task).Select(own => own.flatten())]))
            .ToArray();
        var pairs = new[] { (0, 1), (0, 2), (1, 2) };
        var distances = pairs.Sum(pair => (ofTask[pair.Item1] - ofTask[pair.Item2]).square().sum().item<double>());

        Assert.Equal(distances, 3 * new SoftSharing(1).Penalty(network, StepContexts.At()).item<double>(), 1e-10);
    }

    [Fact]
    public void Group_sparsity_adds_the_lengths_of_what_reads_each_input()
    {
        using var network = PenaltyCases.Trunk();
        using var scope = torch.NewDisposeScope();
        var heads = torch.cat([.. network.Tasks.Select((_, task) => network.ParametersOf(task).First())]); // [tasks, features]
        using (torch.no_grad())
        {
            foreach (var task in Enumerable.Range(0, 3))
            {
                network.ParametersOf(task).First().select(1, 2).zero_();
            }
        }

        var penalty = new GroupSparsity(2).Penalty(network, StepContexts.At());
        penalty.backward();

        var lengths = Enumerable.Range(0, 4).Where(feature => feature != 2).Sum(Length);
        Assert.Equal(2 * lengths, penalty.item<double>(), 1e-10);
        Assert.Equal(0, network.ParametersOf(1).First().grad![0, 2].item<double>());

        double Length(int feature) => Math.Sqrt(heads.select(1, feature).square().sum().item<double>());
    }

    [Fact]
    public void Group_sparsity_leaves_out_the_inputs_that_matter_to_no_task()
    {
        using var scope = torch.NewDisposeScope();
        var truth = LinearTasks.Normal(3, 4, 10);
        truth.narrow(1, 3, 7).zero_();

        var sparse = LinearTasks.Learn(truth, rows: 30, noise: 0.5, new GroupSparsity(0.7));
        var plain = LinearTasks.Learn(truth, rows: 30, noise: 0.5, null);

        Assert.All(Lengths(sparse)[3..], length => Assert.InRange(length, 0, 0.01));
        Assert.All(Lengths(plain)[3..], length => Assert.InRange(length, 0.05, 2));
        Assert.All(Lengths(sparse)[..3], length => Assert.InRange(length, 0.3, 10));

        double[] Lengths(Tensor weights) => Numbers.Read(weights.square().sum(dim: 0L).sqrt());
    }

    [Fact]
    public void Orthogonal_layers_cost_nothing()
    {
        using var network = new PenaltyCases.SharedAndPrivate();
        using var scope = torch.NewDisposeScope();
        using (torch.no_grad())
        {
            foreach (var (shared, own) in network.ParallelWeights)
            {
                shared.narrow(1, 2, 3).zero_(); // reads the first two inputs only
                own.narrow(1, 0, 2).zero_(); // reads the others only
            }
        }

        Assert.Equal(0, new Orthogonality().Penalty(network, StepContexts.At()).item<float>());
    }

    [Theory]
    [InlineData("soft-sharing", "unequal heads", "nothing to share softly")]
    [InlineData("mrn", "unequal heads", "nothing to relate")]
    [InlineData("orthogonality", "towers", "or orthogonality:between=tasks")]
    [InlineData("orthogonality:between=tasks", "unequal heads", "no private weights that correspond")]
    [InlineData("group-sparsity:of=first-shared", "towers", "use group-sparsity:of=private")]
    public void A_network_without_what_the_penalty_is_about_is_refused_in_one_line(
        string text,
        string make,
        string says
    )
    {
        using var network = PenaltyCases.Make(make);

        var refused = Assert.Throws<NotSupportedException>(() =>
            MethodCatalog.Create<Regularizer>(text).Begin(network)
        );

        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Theory]
    [InlineData("group-sparsity:strength=-1", "The strength is finite and 0 or more; got -1.")]
    [InlineData("mrn:interval=0", "The interval is a number of steps from 1; got 0.")]
    [InlineData("mrn:ridge=0", "The ridge is finite and above 0; got 0.")]
    public void Options_out_of_range_are_refused(string text, string says) =>
        Assert.Contains(
            says,
            Assert.Throws<FormatException>(() => MethodCatalog.Create<Regularizer>(text)).Message,
            StringComparison.Ordinal
        );
}
