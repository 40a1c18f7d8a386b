using Plait.Numerics;

namespace Plait.Tests.Numerics;

/// <summary>Lengths on both sides of what one instruction takes, so that whole groups, pairs of them and the rest are all seen.</summary>
public sealed class VectorsTests
{
    private const double Close = 1e-13; // rounding of sums of up to 40 products of numbers below 1

    public static TheoryData<int> Lengths => [.. Enumerable.Range(0, 41)];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void An_inner_product_is_the_sum_of_all_products(int length)
    {
        var (left, right) = (Cones.Draw(length, 1), Cones.Draw(length, 2));

        Assert.Equal(left.Zip(right, (a, b) => a * b).Sum(), Vectors.Dot(left, right), Close);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Multiples_of_one_and_of_two_vectors_are_added_to_every_number(int length)
    {
        var (start, first, second) = (Cones.Draw(length, 1), Cones.Draw(length, 2), Cones.Draw(length, 3));
        double[] one = [.. start];
        double[] two = [.. start];

        Vectors.AddScaled(one, 0.7, first);
        Vectors.AddScaled(two, 0.7, first, -1.3, second);

        Assert.Equal(start.Zip(first, (a, b) => a + (0.7 * b)), one, AreClose);
        Assert.Equal(one.Zip(second, (a, b) => a - (1.3 * b)), two, AreClose);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void A_rotation_turns_every_pair_of_numbers(int length)
    {
        var (cosine, sine) = (Math.Cos(0.4), Math.Sin(0.4));
        var (left, right) = (Cones.Draw(length, 1), Cones.Draw(length, 2));
        double[] turnedLeft = [.. left];
        double[] turnedRight = [.. right];

        Vectors.Rotate(turnedLeft, turnedRight, cosine, sine);

        Assert.Equal(left.Zip(right, (a, b) => (cosine * a) - (sine * b)), turnedLeft, AreClose);
        Assert.Equal(left.Zip(right, (a, b) => (sine * a) + (cosine * b)), turnedRight, AreClose);
    }

    private static bool AreClose(double expected, double actual) => Math.Abs(expected - actual) <= Close;
}
