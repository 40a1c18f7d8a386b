using Plait.Numerics;

namespace Plait.Tests.Numerics;

/// <summary>Shares, seeds, draws and lengths: what every solver takes for granted.</summary>
public sealed class SmallNumericsTests
{
    [Fact]
    public void Softmax_shares_are_in_proportion_to_exponentials_of_any_size()
    {
        double[] shares = [1000, 1000 + Math.Log(3), -1e300];

        Softmax.Of(shares, shares);

        Assert.Equal([0.25, 0.75, 0], shares, (a, b) => Math.Abs(a - b) < 1e-12);
    }

    /// <summary>The first outputs of SplitMix64 from the state 0, as its authors' code prints them; the sign bit is left out.</summary>
    [Fact]
    public void Seeds_are_mixed_as_SplitMix64_does()
    {
        Assert.Equal((long)(0xE220A8397B1DCDAF >> 1), Seeds.Derive(0));
        Assert.Equal((long)(0x6E789E6AA1B965F4 >> 1), Seeds.Derive(unchecked((long)0x9E3779B97F4A7C15)));
    }

    [Fact]
    public void Seeds_depend_on_every_part_and_on_their_order()
    {
        long[] seeds =
        [
            Seeds.Derive(1),
            Seeds.Derive(1, 0),
            Seeds.Derive(1, 0, 0),
            Seeds.Derive(1, 2, 3),
            Seeds.Derive(1, 3, 2),
        ];

        Assert.Equal(seeds.Length, seeds.Distinct().Count());
        Assert.All(seeds, seed => Assert.True(seed >= 0));
        Assert.Equal(Seeds.Generator(1, 2).Next(), Seeds.Generator(1, 2).Next());
        Assert.NotEqual(Seeds.Generator(1, 2).Next(), Seeds.Generator(1, 1L << 40).Next());
    }

    /// <summary>Mean, variance and kurtosis of 100,000 draws, whose deviations are 0.003, 0.004 and 0.015.</summary>
    [Fact]
    public void Draws_are_standard_normal()
    {
        var random = new Random(2);
        double[] draws = [.. Enumerable.Range(0, 100_000).Select(_ => NormalVariate.Draw(random))];

        Assert.Equal(0, draws.Average(), 0.015);
        Assert.Equal(1, draws.Average(draw => draw * draw), 0.02);
        Assert.Equal(0, draws.Average(draw => draw * draw * draw), 0.05);
        Assert.Equal(3, draws.Average(draw => draw * draw * draw * draw), 0.1);
    }

    [Fact]
    public void Lengths_are_taken_out_and_vectors_without_one_or_without_a_share_left_out()
    {
        double[] gramian = [4, 0, 3, 2, 0, 0, 0, 0, 3, 0, 9, -9.1, 2, 0, -9.1, 9];
        var (cosines, norms, places) = (new double[16], new double[4], new int[4]);

        Assert.Equal(3, UnitVectors.Of(gramian, cosines, norms, places));
        Assert.Equal([2.0, 3, 3], norms[..3]);
        Assert.Equal([0, 2, 3], places[..3]);
        Assert.Equal([1, 0.5, 1.0 / 3, 0.5, 1, -1, 1.0 / 3, -1, 1], cosines[..9]); // a cosine beyond -1 is rounding

        Assert.Equal(2, UnitVectors.Of(gramian, cosines, norms, places, [1, 1, 0, 1]));
        Assert.Equal([0, 3], places[..2]);

        UnitGramian.Fill(gramian, norms, cosines);
        Assert.Equal([2.0, 0, 3, 3], norms);
        Assert.Equal([1, 0, 0.5, 1.0 / 3, 0, 1, 0, 0, 0.5, 0, 1, -1, 1.0 / 3, 0, -1, 1], cosines);
    }
}
