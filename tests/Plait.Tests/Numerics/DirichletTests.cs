using Plait.Numerics;

namespace Plait.Tests.Numerics;

public sealed class DirichletTests
{
    [Theory]
    [InlineData(0.01)]
    [InlineData(0.2)]
    [InlineData(1)]
    [InlineData(5)]
    public void Shares_have_the_mean_and_the_variance_of_the_distribution(double concentration)
    {
        const int Tasks = 3;
        const int Draws = 40_000;
        var random = new Random(5);
        var shares = new double[Tasks];
        var (sum, squares) = (0.0, 0.0);
        for (var draw = 0; draw < Draws; draw++)
        {
            Dirichlet.Fill(random, concentration, shares);
            Assert.Equal(1, shares.Sum(), 1e-12);
            Assert.All(shares, share => Assert.InRange(share, 0, 1));
            sum += shares[1];
            squares += shares[1] * shares[1];
        }

        var mean = sum / Draws;
        Assert.Equal(1.0 / Tasks, mean, 0.01);
        var variance = 1.0 / Tasks * (1 - (1.0 / Tasks)) / ((Tasks * concentration) + 1);
        Assert.Equal(1, ((squares / Draws) - (mean * mean)) / variance, 0.05);
    }
}
