using System.Buffers;

namespace Plait.Numerics;

/// <summary>Projects combinations of vectors onto the cone of what has no negative inner product with any of them, from their inner products alone.</summary>
/// <remarks>
/// The projection of J'u onto {d: Jd of 0 and more} is J'v, where v minimises v'Gv over v of u and more for the Gramian G (Quinton
/// and Rey 2024, <i>Jacobian descent for multi-objective optimization</i>, proposition 1). In s = v - u, over unit vectors, that
/// is a least-squares problem over weights of 0 and more, without a unit: the projection of one vector needs no other than
/// the cosines, so vectors may differ in length as much as they like. Its own weight never rises, since raising it helps only
/// where the projection is 0 and others can do the same.
/// </remarks>
public static class ConeProjection
{
    private const int OnStack = 512;

    /// <summary>Projects one combination.</summary>
    /// <param name="gramian">Inner products of T vectors, T x T, row by row, symmetric, finite. Rounding may make it slightly indefinite.</param>
    /// <param name="lower">u: the T weights of the combination.</param>
    /// <param name="weights">Receives v: the T weights of its projection, none below <paramref name="lower"/>.</param>
    /// <exception cref="ArgumentException">The numbers of values and weights do not fit, or a squared norm is negative or not finite.</exception>
    public static void Solve(ReadOnlySpan<double> gramian, ReadOnlySpan<double> lower, Span<double> weights) =>
        Run(gramian, lower, weights, Projected.Combination);

    /// <summary>Projects each vector by itself, and adds the projections up.</summary>
    /// <param name="gramian">Inner products of T vectors, T x T, row by row, symmetric, finite. Rounding may make it slightly indefinite.</param>
    /// <param name="shares">What each projection is multiplied by; 0 or more.</param>
    /// <param name="weights">Receives the T weights of the sum.</param>
    /// <exception cref="ArgumentException">The numbers of values and weights do not fit, or a squared norm is negative or not finite.</exception>
    public static void SolveEach(ReadOnlySpan<double> gramian, ReadOnlySpan<double> shares, Span<double> weights) =>
        Run(gramian, shares, weights, Projected.Each);

    /// <summary>How far weights are from those of a projection.</summary>
    /// <remarks>
    /// At a projection each weight is at its lower bound or the vector's inner product with the point is 0, and neither is below. The
    /// smaller of the two, as lengths, is relative to the sum of the lengths of the parts of the point.
    /// </remarks>
    /// <param name="gramian">Inner products of T vectors, T x T, row by row.</param>
    /// <param name="lower">u: the T weights of the combination.</param>
    /// <param name="weights">v: the T weights to judge.</param>
    /// <param name="without">A vector whose weight is not asked about; none when negative.</param>
    /// <returns>0 or more, without a unit.</returns>
    public static double Residual(
        ReadOnlySpan<double> gramian,
        ReadOnlySpan<double> lower,
        ReadOnlySpan<double> weights,
        int without = -1
    )
    {
        var count = weights.Length;
        var (worst, total) = (0.0, 0.0);
        for (var i = 0; i < count; i++)
        {
            var norm = Math.Sqrt(gramian[i * (count + 1)]);
            total += Math.Abs(weights[i]) * norm;
            if (norm > 0 && i != without)
            {
                var product = Vectors.Dot(gramian.Slice(i * count, count), weights) / norm;
                worst = Math.Max(worst, Math.Abs(Math.Min((weights[i] - lower[i]) * norm, product)));
            }
            else
            {
                worst = Math.Max(worst, Math.Abs(weights[i] - lower[i]) * norm);
            }
        }

        return worst == 0 ? 0 : worst / total;
    }

    private static void Run(
        ReadOnlySpan<double> gramian,
        ReadOnlySpan<double> lower,
        Span<double> weights,
        Projected projected
    )
    {
        MinNormPoint.Require(gramian, weights);
        var count = weights.Length;
        if (lower.Length != count)
        {
            throw new ArgumentException(
                $"{count} weights need {count} lower bounds; got {lower.Length}.",
                nameof(lower)
            );
        }

        var size = (count * (count + 3)) + Math.Max(ActiveSet.WorkSize(count), BlockPivots.WorkSize(count));
        var rented = size > OnStack ? ArrayPool<double>.Shared.Rent(size) : null;
        var indices = size > OnStack ? ArrayPool<int>.Shared.Rent(3 * count) : null;
        try
        {
            Span<double> work = rented is null ? stackalloc double[size] : rented.AsSpan(0, size);
            Span<int> integers = indices is null ? stackalloc int[3 * count] : indices.AsSpan(0, 3 * count);
            UnitGramian.Fill(gramian, work[..count], work.Slice(3 * count, count * count));
            lower.CopyTo(weights);
            if (projected == Projected.Each)
            {
                AddEach(lower, weights, work, integers);
            }
            else
            {
                AddOne(weights, work, integers);
            }
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<double>.Shared.Return(rented);
                ArrayPool<int>.Shared.Return(indices!);
            }
        }
    }

    private static void AddOne(Span<double> weights, Span<double> work, Span<int> indices)
    {
        var count = weights.Length;
        var norms = work[..count];
        var lengths = work.Slice(count, count);
        var cosines = work.Slice(3 * count, count * count);
        var problem = new ActiveSet(cosines, work[(count * (count + 3))..], indices);
        var longest = 0.0;
        for (var i = 0; i < count; i++)
        {
            lengths[i] = weights[i] * norms[i];
            longest = Math.Max(longest, Math.Abs(lengths[i]));
        }

        if (longest == 0)
        {
            return;
        }

        problem.Pull.Clear();
        for (var i = 0; i < count; i++)
        {
            // Every product in units of the longest part, so that none is lost to underflow.
            Vectors.AddScaled(problem.Pull, -lengths[i] / longest, cosines.Slice(i * count, count));
        }

        problem.Solve(bounded: true);
        foreach (var member in problem.Support)
        {
            weights[member] += problem.Weights[member] * longest / norms[member];
        }
    }

    private static void AddEach(ReadOnlySpan<double> shares, Span<double> weights, Span<double> work, Span<int> indices)
    {
        var count = weights.Length;
        var norms = work[..count];
        var solution = work.Slice(2 * count, count);
        var cosines = work.Slice(3 * count, count * count);
        var rest = work[(count * (count + 3))..];
        var guess = new BlockPivots(cosines, rest, indices[..(2 * count)]);
        var problem = new ActiveSet(cosines, rest, indices);
        var (guesses, failures, warm) = (0, 0, false);
        for (var vector = 0; vector < count; vector++)
        {
            var products = cosines.Slice(vector * count, count);
            if (shares[vector] == 0 || norms[vector] == 0 || !HasNegative(products))
            {
                continue;
            }

            // Where most guesses were of dependent vectors the next will be too, and the last problem's weights are a better start.
            var guessing = 2 * failures <= guesses;
            var guessed = guessing && guess.SolveFor(vector, solution);
            guesses++;
            if (!guessed)
            {
                failures++;
                if (guessing || !warm)
                {
                    problem.Restart();
                }

                warm = true;
                problem.Exclude(vector);
                for (var i = 0; i < count; i++)
                {
                    problem.Pull[i] = -products[i];
                }

                problem.Solve(bounded: true);
                problem.Weights.CopyTo(solution);
            }

            var length = shares[vector] * norms[vector];
            for (var i = 0; i < count; i++)
            {
                if (solution[i] > 0)
                {
                    weights[i] += solution[i] * length / norms[i];
                }
            }
        }
    }

    private static bool HasNegative(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (value < 0)
            {
                return true;
            }
        }

        return false;
    }

    private enum Projected
    {
        Combination,
        Each,
    }
}
