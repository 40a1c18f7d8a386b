using System.Runtime.InteropServices;
using Plait.Numerics;

namespace Plait.Tests.Numerics;

public sealed class LongVectorsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 7)]
    [InlineData(3, 1024)]
    [InlineData(5, 2051)]
    [InlineData(16, 4099)]
    public void Products_and_sums_are_those_of_double_precision(int count, int length)
    {
        var random = new Random((100 * count) + length);
        var numbers = Enumerable
            .Range(0, count)
            .Select(_ => Enumerable.Range(0, length).Select(_ => (float)(random.NextDouble() - 0.3)).ToArray())
            .ToArray();
        var pinned = Array.ConvertAll(numbers, Pin);
        var factors = numbers.Select(_ => random.NextDouble() - 0.5).ToArray();
        var sum = GC.AllocateArray<float>(length, pinned: true);

        var products = LongVectors.InnerProducts(Array.ConvertAll(pinned, Address), length);
        LongVectors.Combine(Array.ConvertAll(pinned, Address), factors, Address(sum), length);

        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                var exact = numbers[i].Zip(numbers[j], (x, y) => (double)x * y).Sum();
                Assert.Equal(exact, products[(i * count) + j], 1e-5 * length);
            }
        }

        for (var at = 0; at < length; at++)
        {
            Assert.Equal(Enumerable.Range(0, count).Sum(i => factors[i] * numbers[i][at]), sum[at], 1e-5 * count);
        }
    }

    private static float[] Pin(float[] numbers)
    {
        var pinned = GC.AllocateArray<float>(numbers.Length, pinned: true);
        numbers.CopyTo(pinned, 0);
        return pinned;
    }

    private static nint Address(float[] numbers) => Marshal.UnsafeAddrOfPinnedArrayElement(numbers, 0);
}
