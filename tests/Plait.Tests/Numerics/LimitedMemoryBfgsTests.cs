using CsCheck;
using Plait.Numerics;

namespace Plait.Tests.Numerics;

public sealed class LimitedMemoryBfgsTests
{
    [Fact]
    public void Finds_the_minimum_of_a_stretched_bowl() =>
        Gen.Select(Gen.Double[-5, 5].Array[8], Gen.Double[0, 4].Array[8])
            .Sample(
                (lowest, powers) =>
                {
                    var point = new double[8];
                    LimitedMemoryBfgs.Minimize(
                        (at, gradient) =>
                        {
                            var value = 0.0;
                            for (var i = 0; i < 8; i++)
                            {
                                var stretch = Math.Pow(10, powers[i]);
                                gradient[i] = stretch * (at[i] - lowest[i]);
                                value += gradient[i] * (at[i] - lowest[i]) / 2;
                            }

                            return value;
                        },
                        point
                    );
                    Assert.All(lowest.Zip(point), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
                },
                iter: 100
            );

    [Fact]
    public void Stays_where_the_gradient_is_zero()
    {
        double[] point = [3];
        LimitedMemoryBfgs.Minimize((_, gradient) => gradient[0] = 0, point);
        Assert.Equal(3, point[0]);
    }
}
