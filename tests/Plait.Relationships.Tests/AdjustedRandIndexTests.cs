namespace Plait.Relationships.Tests;

public sealed class AdjustedRandIndexTests
{
    [Fact]
    public void Names_of_groups_do_not_matter() =>
        Assert.Equal(1, AdjustedRandIndex.Of([0, 0, 1, 1, 2], [7, 7, 3, 3, 5]), 1e-12);

    [Fact]
    public void A_worked_example()
    {
        var index = AdjustedRandIndex.Of([0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 1, 1]);
        var (both, left, right) = (1.0 + 1.0, 3.0 + 1.0, 1.0 + 6.0);
        var expected = left * right / 15;

        Assert.Equal((both - expected) / (((left + right) / 2) - expected), index, 1e-12);
    }

    [Fact]
    public void Unrelated_divisions_score_about_zero()
    {
        var random = new Random(3);
        var mean = Enumerable
            .Range(0, 500)
            .Average(_ =>
                AdjustedRandIndex.Of(
                    [.. Enumerable.Range(0, 12).Select(_ => random.Next(3))],
                    [.. Enumerable.Range(0, 12).Select(_ => random.Next(3))]
                )
            );

        Assert.InRange(mean, -0.03, 0.03);
    }
}
