using CsCheck;
using Plait.Numerics;
using Family = Plait.Tests.Numerics.Gramians.Family;

namespace Plait.Tests.Numerics;

public sealed class TridiagonalEigenTests
{
    [Fact]
    public void The_basis_is_orthonormal_and_makes_a_matrix_diagonal_the_largest_values_first() =>
        Gen.Select(Gen.Int[1, 15], Gen.Int[1, 15], Gen.Int[0, int.MaxValue])
            .Sample(
                (count, width, seed) =>
                {
                    var matrix = Gramians.Of(Gramians.Vectors(Family.Typical, count, width, seed));
                    var basis = new double[count * count];

                    TridiagonalEigen.Decompose([.. matrix], basis, new double[TridiagonalEigen.WorkSize(count)]);

                    var rows = basis.Chunk(count).ToArray();
                    double[] values = [.. rows.Select(row => Product(row, Times(matrix, row)))];
                    var rounding = 1e-12 * count * (1 + values[0]);
                    for (var i = 0; i < count; i++)
                    {
                        Assert.True(i == 0 || values[i] <= values[i - 1] + rounding);
                        for (var j = 0; j < i; j++)
                        {
                            Assert.Equal(0, Product(rows[i], rows[j]), 1e-12);
                            Assert.Equal(0, Product(rows[i], Times(matrix, rows[j])), rounding);
                        }

                        Assert.Equal(1, Product(rows[i], rows[i]), 1e-12);
                    }
                }
            );

    private static double Product(double[] left, double[] right) => left.Zip(right, (a, b) => a * b).Sum();

    private static double[] Times(double[] matrix, double[] vector) =>
        [.. matrix.Chunk(vector.Length).Select(row => Product(row, vector))];
}
