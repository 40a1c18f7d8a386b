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
    public void A_vector_is_refused()
    {
        using var vector = torch.zeros(3);
        Assert.Contains("[3]", Assert.Throws<ArgumentException>(() => UpdateCompliance.Of(vector)).Message);
    }
}
