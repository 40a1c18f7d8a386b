namespace Plait.Tests.Numerics;

/// <summary>Tries every subset of the vectors.</summary>
public static class Choices
{
    /// <summary>The length of the shortest sum of one vector and others with weights of 0 and more.</summary>
    /// <remarks>It is had where the others that count are independent, so that orthogonalising finds every candidate.</remarks>
    public static double Shortest(double[][] rows, int main)
    {
        double[][] others = [.. rows.Where((row, i) => i != main && Gramians.Norm(row) > 0).Select(Normalize)];
        var shortest = Gramians.Norm(rows[main]);
        for (var choice = 1; choice < 1 << others.Length; choice++)
        {
            double[][] chosen = [.. others.Where((_, i) => (choice & (1 << i)) != 0)];
            if (Residual(chosen, rows[main]) is { } rest)
            {
                shortest = Math.Min(shortest, rest);
            }
        }

        return shortest;
    }

    /// <summary>What is left of a vector beside the span of some, where the weights of its shadow are negative; null otherwise.</summary>
    private static double? Residual(double[][] chosen, double[] vector)
    {
        var count = chosen.Length;
        var basis = new double[count][];
        var triangle = new double[count, count];
        for (var i = 0; i < count; i++)
        {
            var rest = chosen[i].ToArray();
            for (var pass = 0; pass < 2; pass++)
            {
                for (var k = 0; k < i; k++)
                {
                    var part = Gramians.Products([basis[k]], rest)[0];
                    triangle[k, i] += part;
                    rest = [.. rest.Zip(basis[k], (a, b) => a - (part * b))];
                }
            }

            triangle[i, i] = Gramians.Norm(rest);
            if (triangle[i, i] < 1e-9)
            {
                return null;
            }

            basis[i] = [.. rest.Select(value => value / triangle[i, i])];
        }

        var left = vector.ToArray();
        var weights = new double[count];
        for (var k = 0; k < count; k++)
        {
            weights[k] = Gramians.Products([basis[k]], left)[0];
            left = [.. left.Zip(basis[k], (a, b) => a - (weights[k] * b))];
        }

        for (var i = count - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < count; k++)
            {
                weights[i] -= triangle[i, k] * weights[k];
            }

            weights[i] /= triangle[i, i];
        }

        return weights.All(weight => weight <= 1e-12 * Gramians.Norm(vector)) ? Gramians.Norm(left) : null;
    }

    private static double[] Normalize(double[] row)
    {
        var length = Gramians.Norm(row);
        return [.. row.Select(value => value / length)];
    }
}
