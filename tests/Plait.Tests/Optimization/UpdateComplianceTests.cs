using Plait.Optimization;

namespace Plait.Tests.Optimization;

[Collection("torch")]
public sealed class UpdateComplianceTests
{
    [Fact]
    public void It_is_the_mean_over_parameters_of_the_sums_size_by_the_sizes_sum()
    {
        // |1 + 3| / 4 = 1, |2 - 1| / 3, |-5 + 5| / 10 = 0, and a parameter that nobody moves
        using var gradients = torch.tensor(
            new double[,]
            {
                { 1, 2, -5, 0 },
                { 3, -1, 5, 0 },
            }
        );
        Assert.Equal((1 + (1.0 / 3) + 0) / 3, UpdateCompliance.Of(gradients), 1e-12);
    }

    [Fact]
    public void It_is_1_for_tasks_that_agree_and_0_for_opposites_and_indifferent_to_the_unit()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        var one = torch.randn(1, 50, ScalarType.Float64);
        Assert.Equal(1, UpdateCompliance.Of(torch.cat([one, one * 3, one * 0.1])), 1e-12);
        Assert.Equal(0, UpdateCompliance.Of(torch.cat([one, -one])), 1e-12);
        var some = torch.randn(4, 50, ScalarType.Float64);
        Assert.InRange(UpdateCompliance.Of(some), 0.2, 0.8);
        Assert.Equal(UpdateCompliance.Of(some), UpdateCompliance.Of(some * 1e-9), 1e-12);
        Assert.Equal(1, UpdateCompliance.Of(torch.zeros(3, 4)));
    }

    [Fact]
    public void It_reads_the_gradients_of_a_networks_shared_parameters()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        using var network = SmallNetworks.Make("hard sharing");
        using var batch = SmallNetworks.Batch(SmallNetworks.Tasks.All, shared: true);
        var expected = SmallNetworks.OwnGradients(network, batch, _ => network.SharedParameters);
        var losses = SmallNetworks.Losses(network.Forward(batch, batch.Tasks), batch);
        using var gradients = TaskGradients.Of(losses, network);
        using var rows = torch.stack(expected.Select(row => torch.tensor(row)).ToArray());
        Assert.Equal(UpdateCompliance.Of(rows), UpdateCompliance.Of(gradients), 1e-9);
    }

    [Fact]
    public void At_the_representation_it_is_that_of_the_rows_there()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(3);
        using var network = SmallNetworks.Make("hard sharing, cut");
        using var batch = SmallNetworks.Batch(SmallNetworks.Tasks.All, shared: true);
        var outputs = network.Forward(batch, batch.Tasks, cut: true);
        using var gradients = TaskGradients.Of(SmallNetworks.Losses(outputs, batch), network, outputs);

        var found = UpdateCompliance.Of(gradients, GradientLocation.Representation);

        Assert.Equal(UpdateCompliance.Of(gradients.RowsAt(GradientLocation.Representation)), found, 1e-9);
        Assert.InRange(found, 0.01, 0.99);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    public void In_little_memory_it_is_the_same(long rowMemory)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(4);
        using var network = SmallNetworks.Make("hard sharing");
        using var batch = SmallNetworks.Batch(SmallNetworks.Tasks.All, shared: true);

        var (all, groups) = (Ratio(long.MaxValue), Ratio(rowMemory));

        Assert.Equal(all, groups, 1e-6);
        Assert.InRange(all, 0.01, 0.99);

        double Ratio(long memory)
        {
            var losses = SmallNetworks.Losses(network.Forward(batch, batch.Tasks), batch);
            using var gradients = TaskGradients.Of(losses, network, rowMemory: memory);
            return UpdateCompliance.Of(gradients);
        }
    }

    [Fact]
    public void Gradients_of_more_numbers_than_are_taken_at_a_time_count_alike()
    {
        using var scope = torch.NewDisposeScope();
        var one = torch.ones(1, (1 << 20) + 7);
        one[0, 1 << 20] = 0;
        var other = one.clone();
        other.narrow(1, 0, 7).mul_(-1);
        other.narrow(1, (1 << 20) + 1, 6).mul_(-1);

        var moved = (1 << 20) + 6.0; // of which 13 cancel out

        Assert.Equal((moved - 13) / moved, UpdateCompliance.Of(torch.cat([one, other])), 1e-12);
    }

    [Fact]
    public void A_vector_is_refused()
    {
        using var vector = torch.zeros(3);
        Assert.Contains("[3]", Assert.Throws<ArgumentException>(() => UpdateCompliance.Of(vector)).Message);
    }
}
