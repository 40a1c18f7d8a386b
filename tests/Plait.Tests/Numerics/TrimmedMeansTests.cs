using System.Runtime.InteropServices;
using Plait.Numerics;

namespace Plait.Tests.Numerics;

public sealed class TrimmedMeansTests
{
    [Theory]
    [InlineData(1, 0, 5)]
    [InlineData(3, 1, 7)]
    [InlineData(6, 2, 256)]
    [InlineData(16, 1, 1003)]
    [InlineData(9, 4, 517)]
    public void Means_are_those_of_the_sorted_numbers_without_their_ends(int count, int trim, int length)
    {
        var random = new Random((100 * count) + length);
        var numbers = new float[count][];
        for (var i = 0; i < count; i++)
        {
            numbers[i] = GC.AllocateArray<float>(length, pinned: true);
            for (var at = 0; at < length; at++)
            {
                // As many as are trimmed are far off, and whoever subtracts them from a sum loses the rest; among the rest are ties.
                var turn = (i + at) % count;
                numbers[i][at] =
                    turn < trim ? 1e30f
                    : turn < 2 * trim ? -1e30f
                    : random.Next(10);
            }
        }

        var mean = GC.AllocateArray<float>(length, pinned: true);
        Array.Fill(mean, float.NaN);

        TrimmedMeans.Of(Array.ConvertAll(numbers, Address), trim, Address(mean), length);

        for (var at = 0; at < length; at++)
        {
            var expected = numbers.Select(row => (double)row[at]).Order().Skip(trim).SkipLast(trim).Average();
            Assert.Equal(expected, mean[at], 1e-5);
        }
    }

    private static nint Address(float[] numbers) => Marshal.UnsafeAddrOfPinnedArrayElement(numbers, 0);
}
