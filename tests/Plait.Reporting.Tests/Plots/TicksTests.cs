using CsCheck;
using Plait.Reporting.Plots;

namespace Plait.Reporting.Tests.Plots;

public sealed class TicksTests
{
    [Fact]
    public void Ticks_lie_inside_the_range_evenly_and_have_labels_of_their_own() =>
        Gen.Select(Gen.Double[-1e3, 1e3], Gen.Double[1e-3, 1e3], Gen.Int[2, 8])
            .Sample(
                (low, width, count) =>
                {
                    var ticks = Ticks.Of(low, low + width, count);

                    Assert.InRange(ticks.Values.Count, 1, count + 1);
                    Assert.All(
                        ticks.Values,
                        value => Assert.InRange(value, low - width * 1e-6, low + width * (1 + 1e-6))
                    );
                    Assert.Equal(ticks.Values.Count, ticks.Values.Select(ticks.Label).Distinct().Count());
                }
            );

    [Theory]
    [InlineData(0, 1, 5, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(0, 30, 6, "0 5 10 15 20 25 30")]
    public void Ticks_are_round(double low, double high, int count, string expected)
    {
        var ticks = Ticks.Of(low, high, count);

        Assert.Equal(expected, string.Join(' ', ticks.Values.Select(ticks.Label)));
    }
}
