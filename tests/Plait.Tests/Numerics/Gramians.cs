namespace Plait.Tests.Numerics;

/// <summary>Gramians of vectors whose shapes are those that solvers stumble over.</summary>
public static class Gramians
{
    public enum Family
    {
        Typical,
        Conflicting,
        NearlyCollinear,
        Duplicated,
        WithZeroRows,
        RankDeficient,
        BadlyScaledRows,
        BadlyScaledAsAWhole,
        WithPositiveFloor,
    }

    /// <summary>[count][width] vectors of a family, from a seed.</summary>
    public static double[][] Vectors(Family family, int count, int width, int seed)
    {
        var random = new Random(seed);
        var rows = Enumerable.Range(0, count).Select(_ => Normal(width)).ToArray();
        var common = Normal(width);
        var scale = Math.Pow(10, random.Next(-12, 13));
        for (var i = 0; i < count; i++)
        {
            rows[i] = family switch
            {
                Family.Conflicting => Mix(rows[i], i % 2 == 0 ? 3 : -3, common),
                Family.NearlyCollinear => Mix(Scale(rows[i], 1e-7), 1 + (i * 0.1), common),
                Family.Duplicated => rows[i / 2],
                Family.WithZeroRows => random.Next(3) == 0 ? new double[width] : rows[i],
                Family.RankDeficient => Mix(
                    new double[width],
                    random.NextDouble() - 0.3,
                    i < 2 ? rows[i] : rows[i % 2]
                ),
                Family.BadlyScaledRows => Scale(rows[i], Math.Pow(10, random.Next(-12, 13))),
                Family.BadlyScaledAsAWhole => Scale(rows[i], scale),
                Family.WithPositiveFloor => [.. rows[i].Select(Math.Abs)],
                _ => rows[i],
            };
        }

        return rows;

        double[] Normal(int size) =>
            [
                .. Enumerable
                    .Range(0, size)
                    .Select(_ =>
                        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())
                    ),
            ];
    }

    /// <summary>[count][width] vectors, each but the first almost another or its opposite, to between 1 and 9 digits.</summary>
    public static double[][] NearlyOpposite(int count, int width, int seed)
    {
        var rows = Vectors(Family.Typical, count, width, seed);
        var random = new Random(seed);
        for (var i = 1; i < count; i++)
        {
            var near = Scale(rows[random.Next(i)], random.Next(2) == 0 ? 1 : -1);
            rows[i] = Mix(near, Math.Pow(10, -9 * random.NextDouble()) * Norm(near) / Norm(rows[i]), rows[i]);
        }

        return rows;
    }

    /// <summary>
    /// How far from its conditions a solution for nearly opposite vectors may be. A combination of unit vectors has a square that
    /// inner products know to rounding, and so a length known to the root of it, 1.5e-8 for one and a few times that for many: whether
    /// it is 0 cannot be told from them more finely. Most cases come to 1e-12, one in ten thousand to 1e-8.
    /// </summary>
    public const double RootOfRounding = 1e-7;

    /// <summary>All inner products, row by row.</summary>
    public static double[] Of(double[][] rows) =>
        [.. rows.SelectMany(left => rows.Select(right => left.Zip(right, (a, b) => a * b).Sum()))];

    /// <summary>All inner products to the last digit: what each product and each sum is rounded by is added up too (Ogita et al. 2005).</summary>
    public static double[] Exact(double[][] rows) =>
        [
            .. rows.SelectMany(left =>
                rows.Select(right =>
                {
                    var (sum, rest) = (0.0, 0.0);
                    for (var k = 0; k < left.Length; k++)
                    {
                        var product = left[k] * right[k];
                        var next = sum + product;
                        var part = next - sum;
                        rest += Math.FusedMultiplyAdd(left[k], right[k], -product);
                        rest += sum - (next - part) + (product - part);
                        sum = next;
                    }

                    return sum + rest;
                })
            ),
        ];

    /// <summary>The weighted sum of the rows.</summary>
    public static double[] Combine(double[][] rows, ReadOnlySpan<double> weights)
    {
        var sum = new double[rows[0].Length];
        for (var i = 0; i < rows.Length; i++)
        {
            sum = Mix(sum, weights[i], rows[i]);
        }

        return sum;
    }

    /// <summary>The inner product of each row with one vector.</summary>
    public static double[] Products(double[][] rows, double[] vector) =>
        [.. rows.Select(row => row.Zip(vector, (a, b) => a * b).Sum())];

    public static double Norm(double[] vector) => Math.Sqrt(vector.Sum(value => value * value));

    private static double[] Scale(double[] row, double factor) => [.. row.Select(value => value * factor)];

    private static double[] Mix(double[] row, double factor, double[] other) =>
        [.. row.Zip(other, (a, b) => a + (factor * b))];
}
