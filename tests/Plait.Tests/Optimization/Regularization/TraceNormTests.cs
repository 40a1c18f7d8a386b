using Plait.Optimization.Regularization;
using Plait.Torch;

namespace Plait.Tests.Optimization.Regularization;

[Collection("torch")]
public sealed class TraceNormTests
{
    [Theory]
    [InlineData(Unfolding.LastAxis)]
    [InlineData(Unfolding.Tucker)]
    [InlineData(Unfolding.TensorTrain)]
    public void Penalty_is_the_sum_of_singular_values_of_the_unfoldings(Unfolding unfolding)
    {
        using var scope = torch.NewDisposeScope();
        using var network = PenaltyCases.Towers(3);
        var expected = 0.0;
        for (var place = 0; place < 4; place += 2) // weights, between biases
        {
            var w = torch.stack(network.Tasks.Select((_, task) => network.ParametersOf(task).ElementAt(place)), -1);
            var (a, b, t) = (w.size(0), w.size(1), w.size(2));
            Tensor[] matrices = unfolding switch
            {
                Unfolding.LastAxis => [w.reshape(a * b, t)],
                Unfolding.Tucker =>
                [
                    w.reshape(a, b * t),
                    w.permute(1, 0, 2).reshape(b, a * t),
                    w.permute(2, 0, 1).reshape(t, a * b),
                ],
                _ => [w.reshape(a, b * t), w.reshape(a * b, t)],
            };
            expected += matrices.Sum(matrix => torch.linalg.svdvals(matrix).sum().item<double>());
        }

        var penalty = new TraceNorm(0.5, unfolding).Penalty(network, StepContexts.At());

        Assert.Equal(0.5 * expected, penalty.item<double>(), 1e-10);
    }

    [Theory]
    [InlineData(1e-12)]
    [InlineData(1)]
    [InlineData(1e12)]
    public void Gradient_at_a_matrix_of_low_rank_is_the_shortest_subgradient(double scale)
    {
        using var scope = torch.NewDisposeScope();
        var u = torch.linalg.qr(LinearTasks.Normal(1, 7, 2).to(ScalarType.Float64)).Q;
        var v = torch.linalg.qr(LinearTasks.Normal(2, 5, 2).to(ScalarType.Float64)).Q;
        var values = torch.tensor(new[] { 3.0, 3.0 }) * scale; // equal: where autograd through a decomposition fails
        var matrix = u.mul(values).mm(v.t()).requires_grad_();

        var norm = NuclearNorm.Of(matrix);
        norm.backward();

        Assert.Equal(6 * scale, norm.item<double>(), 1e-12 * scale);
        Assert.InRange(torch.linalg.vector_norm(matrix.grad! - u.mm(v.t())).item<double>(), 0, 1e-12);
    }

    [Fact]
    public void Zero_weights_cost_nothing_and_stay()
    {
        using var scope = torch.NewDisposeScope();
        var matrix = torch.zeros(4, 3).requires_grad_();

        var norm = NuclearNorm.Of(matrix);
        norm.backward();

        Assert.Equal(0, norm.item<float>());
        Assert.All(Numbers.Read(matrix.grad!), x => Assert.Equal(0, x));
    }

    [Fact]
    public void Tasks_of_planted_low_rank_are_recovered_from_fewer_rows_than_inputs()
    {
        using var scope = torch.NewDisposeScope();
        var truth = LinearTasks.Normal(3, 20, 2).mm(LinearTasks.Normal(4, 2, 16));

        var without = LinearTasks.Error(LinearTasks.Learn(truth, rows: 12, noise: 0.05, null), truth);
        var with = LinearTasks.Error(LinearTasks.Learn(truth, rows: 12, noise: 0.05, new TraceNorm(3)), truth);

        Assert.InRange(with, 0, 0.75 * without);
    }

    [Fact]
    public void A_network_whose_tasks_share_all_but_different_heads_is_refused()
    {
        using var network = PenaltyCases.UnequalHeads();

        var refused = Assert.Throws<NotSupportedException>(() => new TraceNorm().Begin(network));
        Assert.Contains("nothing to stack", refused.Message, StringComparison.Ordinal);
    }
}
