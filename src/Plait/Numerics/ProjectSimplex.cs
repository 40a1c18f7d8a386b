using System.Buffers;

namespace Plait.Numerics;

/// <summary>Finds the point of the simplex (numbers of 0 and more whose sum is 1) that is nearest to a point.</summary>
/// <remarks>
/// Held, Wolfe and Crowder 1974, <i>Validation of subgradient optimization</i>: every number loses the same amount, and those
/// that would fall below 0 stay there; sorting finds the amount. Adding one number to all changes nothing in the result, so the
/// largest is moved to 0 first: then numbers of any size leave the digits of 1 alone.
/// </remarks>
public static class ProjectSimplex
{
    private const int OnStack = 256;

    /// <summary>Replaces a point by its projection.</summary>
    /// <param name="point">One number or more, finite.</param>
    /// <exception cref="ArgumentException">There is no number, or one is not finite.</exception>
    public static void Solve(Span<double> point)
    {
        var largest = double.NegativeInfinity;
        foreach (var value in point)
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentException($"The point to project is finite; got {value}.", nameof(point));
            }

            largest = Math.Max(largest, value);
        }

        if (point.IsEmpty)
        {
            throw new ArgumentException("The point to project has one number or more; got none.", nameof(point));
        }

        var rented = point.Length > OnStack ? ArrayPool<double>.Shared.Rent(point.Length) : null;
        var sorted = rented is null ? stackalloc double[point.Length] : rented.AsSpan(0, point.Length);
        for (var i = 0; i < point.Length; i++)
        {
            point[i] -= largest;
            sorted[i] = -point[i];
        }

        sorted.Sort();
        var amount = Amount(sorted);
        for (var i = 0; i < point.Length; i++)
        {
            point[i] = Math.Max(0, point[i] - amount);
        }

        if (rented is not null)
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    /// <summary>What every number loses.</summary>
    /// <param name="distances">How far each number is below the largest, rising from 0.</param>
    private static double Amount(ReadOnlySpan<double> distances)
    {
        var sum = 0.0;
        var amount = -1.0;
        for (var i = 0; i < distances.Length && -distances[i] > amount; i++)
        {
            sum += distances[i];
            amount = -(1 + sum) / (i + 1);
        }

        return amount;
    }
}
