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

    /// <summary>Two shares of concentration 1 are uniform; of gamma variates that none is rejected of, 0.1057 would be below 0.1.</summary>
    [Theory]
    [InlineData(0.001)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    public void Uniform_shares_are_below_a_number_as_often_as_it_says(double number)
    {
        const int Draws = 200_000;
        var random = new Random(6);
        var shares = new double[2];
        var below = 0;
        for (var draw = 0; draw < Draws; draw++)
        {
            Dirichlet.Fill(random, 1, shares);
            below += shares[0] < number ? 1 : 0;
        }

        var deviation = Math.Sqrt(Draws * number * (1 - number));
        Assert.InRange(below, (Draws * number) - (4 * deviation), (Draws * number) + (4 * deviation));
    }
}
