using System.Buffers;

namespace Plait.Numerics;

/// <summary>Shares an update among vectors fairly: positive weights w with (Mw)_i = (p_i / w_i)^(1/α), for a Gramian M and shares p.</summary>
/// <remarks>
/// <para>For α = 1 this is the Nash bargaining solution w_i (Mw)_i = p_i. The w is the minimum of a convex function, w'Mw/2 minus
/// a sum of concave powers (of logarithms for α = 1), so it is unique; it exists exactly when no convex combination of the
/// vectors is zero.</para>
/// <para>With the vectors at unit length (C, v_i = norm_i w_i, s = Cv) the equations read log(s_i) + log(v_i)/α = q_i, with q_i
/// = log(p_i)/α + (1/α - 1) log norm_i. Newton's method on these needs nothing but v and s above 0: its matrix is
/// C + diag(s_i / (α v_i)), positive definite for vectors of any rank, and along its path every equation's error
/// falls alike, so the path cannot end anywhere but in the solution. As in interior-point methods s is a variable of its own,
/// so that a product may become smaller than the rounding of Cv. A start with Cv above 0 is the v of a diagonal C,
/// or else the shortest point of the unit vectors' hull (<see cref="MinNormPoint"/>), which is also what tells that there is none.</para>
/// </remarks>
public static class FairAllocation
{
    /// <summary>Solves.</summary>
    /// <param name="gramian">Inner products of T vectors, T x T, row by row, symmetric, finite.</param>
    /// <param name="weights">Receives T weights of 0 and more: 0 for a vector of zeros and for a share of 0, which take no part, and for all where there is no solution.</param>
    /// <param name="alpha">How much fairness counts, above 0: 1 is proportional fairness, towards infinity the smallest (Mw)_i counts alone.</param>
    /// <param name="shares">Bargaining powers p of 0 and more; all 1 when empty.</param>
    /// <param name="rounding">The relative error of the inner products.</param>
    /// <returns>False when there is no solution, because a convex combination of the vectors is zero up to rounding, or all are.</returns>
    /// <exception cref="ArgumentException">The sizes do not fit, a squared norm is negative or not finite, or alpha is not above 0.</exception>
    public static bool Solve(
        ReadOnlySpan<double> gramian,
        Span<double> weights,
        double alpha = 1,
        ReadOnlySpan<double> shares = default,
        double rounding = Vectors.Rounding
    )
    {
        MinNormPoint.Require(gramian, weights);
        if (!double.IsFinite(alpha) || alpha <= 0)
        {
            throw new ArgumentException($"Alpha is a finite number above 0; got {alpha}.", nameof(alpha));
        }

        var count = weights.Length;
        var work = ArrayPool<double>.Shared.Rent(FairNewton.WorkSize(count));
        var places = ArrayPool<int>.Shared.Rent(count);
        try
        {
            var norms = work.AsSpan(0, count);
            var cosines = work.AsSpan(count, count * count);
            var taken = UnitVectors.Of(gramian, cosines, norms, places, shares);
            var newton = new FairNewton(
                cosines[..(taken * taken)],
                work.AsSpan(count + (count * count)),
                taken,
                alpha,
                rounding
            );
            for (var i = 0; i < taken; i++)
            {
                var power = shares.IsEmpty ? 0 : Math.Log(shares[places[i]]) / alpha;
                newton.Target[i] = power + (((1 / alpha) - 1) * Math.Log(norms[i]));
            }

            weights.Clear();
            if (taken == 0 || !newton.Solve())
            {
                return false;
            }

            for (var i = 0; i < taken; i++)
            {
                weights[places[i]] = newton.Point[i] / norms[i];
            }

            return true;
        }
        finally
        {
            ArrayPool<double>.Shared.Return(work);
            ArrayPool<int>.Shared.Return(places);
        }
    }

    /// <summary>How far weights are from the equations, relative to the size of their terms.</summary>
    /// <param name="gramian">Inner products of the vectors.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="alpha">As for <see cref="Solve"/>.</param>
    /// <param name="shares">As for <see cref="Solve"/>.</param>
    /// <returns>0 or more, without a unit. For weights of 0 alone, the squared length of the shortest convex combination of the vectors at unit length: 0 where there is no solution.</returns>
    public static double Residual(
        ReadOnlySpan<double> gramian,
        ReadOnlySpan<double> weights,
        double alpha = 1,
        ReadOnlySpan<double> shares = default
    )
    {
        var count = weights.Length;
        if (!weights.ContainsAnyExcept(0.0))
        {
            return ShortestSquare(gramian, count, shares);
        }

        var worst = 0.0;
        for (var i = 0; i < count; i++)
        {
            if (gramian[i * (count + 1)] == 0 || (!shares.IsEmpty && shares[i] == 0))
            {
                continue;
            }

            var (sum, size) = (0.0, 0.0);
            for (var j = 0; j < count; j++)
            {
                sum += gramian[(i * count) + j] * weights[j];
                size += Math.Abs(gramian[(i * count) + j]) * weights[j];
            }

            var due = Math.Pow((shares.IsEmpty ? 1 : shares[i]) / weights[i], 1 / alpha);
            worst = Math.Max(worst, double.IsInfinity(due) ? 1 : Math.Abs(sum - due) / (size + due));
        }

        return worst;
    }

    private static double ShortestSquare(ReadOnlySpan<double> gramian, int count, ReadOnlySpan<double> shares)
    {
        var norms = new double[count];
        var cosines = new double[count * count];
        var taken = UnitVectors.Of(gramian, cosines, norms, new int[count], shares);
        if (taken == 0)
        {
            return 0;
        }

        var hull = new double[taken];
        var ofTaken = cosines.AsSpan(0, taken * taken);
        MinNormPoint.Solve(ofTaken, hull);
        var square = 0.0;
        for (var i = 0; i < taken; i++)
        {
            square += hull[i] * Vectors.Dot(ofTaken.Slice(i * taken, taken), hull);
        }

        return Math.Max(0, square);
    }
}
