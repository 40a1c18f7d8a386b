using CsCheck;
using Plait.Numerics;

namespace Plait.Tests.Numerics;

public sealed class AssignmentTests
{
    [Fact]
    public void No_permutation_gains_more() =>
        Gen.Select(Gen.Int[1, 6], Gen.Int[0, int.MaxValue])
            .Sample(
                (size, seed) =>
                {
                    var random = new Random(seed);
                    var gains = new double[size, size];
                    for (var i = 0; i < gains.Length; i++)
                    {
                        // Few values, so that ties are common.
                        gains[i / size, i % size] = random.Next(2) == 0 ? random.Next(-3, 4) : random.NextDouble();
                    }

                    var columns = Assignment.Largest(gains);

                    Assert.Equal(Enumerable.Range(0, size), columns.Order());
                    var best = Permutations([.. Enumerable.Range(0, size)]).Max(order => Gain(gains, order));
                    Assert.Equal(best, Gain(gains, columns), 9);
                },
                iter: 1_000
            );

    [Fact]
    public void What_is_no_square_of_numbers_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Assignment.Largest(new double[2, 3]));
        Assert.Throws<ArgumentException>(() =>
            Assignment.Largest(
                new double[,]
                {
                    { double.NaN },
                }
            )
        );
    }

    private static double Gain(double[,] gains, int[] columns) =>
        columns.Select((column, row) => gains[row, column]).Sum();

    private static IEnumerable<int[]> Permutations(int[] left) =>
        left.Length == 0
            ?
            [
                [],
            ]
            : left.SelectMany(first =>
                Permutations([.. left.Where(one => one != first)]).Select(rest => (int[])[first, .. rest])
            );
}
