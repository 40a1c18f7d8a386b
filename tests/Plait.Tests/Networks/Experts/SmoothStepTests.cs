using CsCheck;
using Plait.Networks.Experts;

namespace Plait.Tests.Networks.Experts;

[Collection("torch")]
public sealed class SmoothStepTests
{
    [Theory]
    [InlineData(1.0)]
    [InlineData(0.25)]
    [InlineData(8.0)]
    public void It_is_exactly_0_and_1_with_derivative_0_at_and_beyond_its_ends(double width)
    {
        using var scope = torch.NewDisposeScope();
        double[] points = [-3 * width, -width / 2, 0, width / 2, 3 * width];
        var t = torch.tensor(points, requires_grad: true);
        var values = SmoothStep.At(t, width);
        values.sum().backward();
        Assert.Equal([0, 0, 0.5, 1, 1], values.data<double>().ToArray());
        Assert.Equal([0, 0, 1.5 / width, 0, 0], t.grad!.data<double>().ToArray());
    }

    [Fact]
    public void Between_them_it_is_the_papers_cubic_with_its_derivative() =>
        Gen.Select(Gen.Double[0.1, 10], Gen.Double[-0.5, 0.5])
            .Sample(
                (width, share) =>
                {
                    using var scope = torch.NewDisposeScope();
                    var at = share * width;
                    var t = torch.tensor(at, requires_grad: true);
                    var value = SmoothStep.At(t, width);
                    value.backward();
                    var expected = (-2 * Math.Pow(at / width, 3)) + (1.5 * at / width) + 0.5;
                    var slope = ((-6 * at * at / (width * width)) + 1.5) / width;
                    Assert.Equal(expected, value.ToDouble(), 1e-12);
                    Assert.Equal(slope, t.grad!.ToDouble(), 1e-9 / width);
                },
                iter: 200,
                threads: 1
            );
}
