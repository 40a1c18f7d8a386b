using Plait.Networks.Encoders;
using Plait.Networks.SingleTasking;
using Plait.Optimization.Regularization;
using Plait.Tests.Training;
using Plait.Training;

namespace Plait.Tests.Optimization.Regularization;

[Collection("torch")]
public sealed class MultilinearRelationshipsTests
{
    [Fact]
    public void Squared_length_is_the_one_of_the_whole_covariance()
    {
        using var scope = torch.NewDisposeScope();
        var weights = Weights();
        var prior = new TensorNormal(weights, ridge: 0.1);
        prior.Update(weights);
        prior.Update(weights);
        var whole = torch.kron(torch.kron(Matrix(prior, 0, 3), Matrix(prior, 1, 4)), Matrix(prior, 2, 5));
        var vector = LinearTasks.Normal(8, 3, 4, 5).to(ScalarType.Float64);

        var expected = vector.flatten().dot(torch.linalg.inv(whole).mv(vector.flatten())).item<double>();

        Assert.Equal(expected, prior.SquaredLength(vector).item<double>(), 1e-9 * expected);
    }

    [Fact]
    public void Flip_flop_without_a_ridge_ends_where_the_likelihood_s_gradient_is_zero()
    {
        using var scope = torch.NewDisposeScope();
        var weights = Weights();
        var prior = new TensorNormal(weights, ridge: 0);
        for (var sweep = 0; sweep < 500; sweep++)
        {
            prior.Update(weights);
        }

        long[] sizes = [3, 4, 5];
        var precisions = sizes
            .Select((size, axis) => torch.linalg.inv(Matrix(prior, axis, size)).detach().requires_grad_())
            .ToArray();
        var whole = torch.kron(torch.kron(precisions[0], precisions[1]), precisions[2]);
        var likelihood = weights.flatten().dot(whole.mv(weights.flatten()));
        for (var axis = 0; axis < 3; axis++)
        {
            likelihood -= weights.numel() / (double)sizes[axis] * torch.linalg.slogdet(precisions[axis]).Item2;
        }

        likelihood.backward();

        foreach (var precision in precisions)
        {
            // By the logarithm of the precision: free of scale.
            var relative = precision.grad!.mm(precision.detach()).abs().max().item<double>();
            Assert.InRange(relative, 0, 1e-6 * weights.numel());
        }
    }

    [Theory]
    [InlineData(1e-12)]
    [InlineData(1e12)]
    public void Relationships_do_not_depend_on_the_scale_of_the_weights(double scale)
    {
        using var scope = torch.NewDisposeScope();
        var weights = Weights();
        var (plain, scaled) = (new TensorNormal(weights, 0.01), new TensorNormal(weights, 0.01));
        plain.Update(weights);
        scaled.Update(weights * scale);

        Assert.Equal(plain.Covariance(0), scaled.Covariance(0), (a, b) => Math.Abs(a - b) < 1e-9);
        var ratio = scaled.SquaredLength(weights * scale).item<double>() / plain.SquaredLength(weights).item<double>();
        Assert.Equal(1, ratio, 1e-9);
    }

    [Fact]
    public void Weights_of_zero_leave_the_prior_as_it_is()
    {
        using var scope = torch.NewDisposeScope();
        var weights = torch.zeros(2, 1, 3);
        var prior = new TensorNormal(weights, 0.01);

        prior.Update(weights);

        Assert.Equal([1, 0, 0, 1], prior.Covariance(0));
    }

    [Fact]
    public void Tasks_that_are_alike_are_found_and_help_each_other()
    {
        using var scope = torch.NewDisposeScope();
        var (one, other) = (LinearTasks.Normal(3, 1, 12), LinearTasks.Normal(4, 1, 12));
        var truth = torch.cat([one, one, other, other]);
        var regularizer = new MultilinearRelationships(0.1, interval: 20, learn: LearnedCovariances.Tasks);

        var with = LinearTasks.Error(LinearTasks.Learn(truth, rows: 8, noise: 0.1, regularizer), truth);
        var without = LinearTasks.Error(LinearTasks.Learn(truth, rows: 8, noise: 0.1, null), truth);

        var covariance = regularizer.TaskCovariance(0);
        Assert.InRange(Correlation(0, 1), 0.5, 1);
        Assert.InRange(Correlation(2, 3), 0.5, 1);
        Assert.InRange(Correlation(0, 2), -0.4, 0.4);
        Assert.InRange(with, 0, 0.85 * without);

        double Correlation(int a, int b) => covariance[(4 * a) + b] / Math.Sqrt(covariance[5 * a] * covariance[5 * b]);
    }

    [Fact]
    public void A_training_resumes_in_the_same_bits()
    {
        using var data = SmallRuns.Data(150);
        using var train = data.Batches(32, shuffleSeed: 5);
        Resumption.AssertSameBits(
            () => new Recipe { Epochs = 4, Regularizers = [new MultilinearRelationships(0.1, interval: 7)] },
            () =>
            {
                torch.manual_seed(3);
                return new SingleTask(SmallRuns.Tasks, new Mlp(SmallRuns.Inputs, [8]));
            },
            train,
            null
        );
    }

    private static Tensor Weights() => LinearTasks.Normal(6, 3, 4, 5).to(ScalarType.Float64);

    private static Tensor Matrix(TensorNormal prior, int axis, long size) =>
        torch.tensor(prior.Covariance(axis).ToArray(), [size, size], ScalarType.Float64);
}
