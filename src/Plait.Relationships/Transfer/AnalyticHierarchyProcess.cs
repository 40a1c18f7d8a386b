namespace Plait.Relationships.Transfer;

/// <summary>Turns how often transfers to one target beat each other into one affinity each.</summary>
/// <remarks>
/// Zamir et al. 2018, <i>Taskonomy</i>, section 3.3, after Saaty 1987, <i>The Analytic Hierarchy Process</i>: losses of different
/// tasks have no common unit, but the share of samples on which one transfer beats another has none to begin with. The shares
/// are clipped to [0.001, 0.999], the ratio of each share to its opposite says how many times better one transfer is than the other, and
/// the principal eigenvector of these ratios, which is positive, is the affinity. A sample on which two transfers have the same loss
/// is a win of neither.
/// </remarks>
public static class AnalyticHierarchyProcess
{
    private const double LeastShare = 0.001;
    private const double Settled = 1e-15;
    private const double NearlySettled = 1e-12;
    private const int Patience = 20; // Changes so small that do not shrink for so many steps are rounding.
    private const int MostSteps = 10_000; // Some dozens are usual.

    /// <summary>How often each transfer beats each other one.</summary>
    /// <param name="losses">Transfers x samples: the loss of each transfer on the same held-out samples; none is NaN.</param>
    /// <returns>Transfers x transfers: the share of samples, from 0 to 1, on which the row's loss is less than the column's.</returns>
    /// <exception cref="ArgumentException">There is no sample, or a loss is NaN.</exception>
    public static double[,] WinShares(double[,] losses)
    {
        ArgumentNullException.ThrowIfNull(losses);
        var (count, samples) = (losses.GetLength(0), losses.GetLength(1));
        if (count == 0 || samples == 0)
        {
            throw new ArgumentException(
                $"Losses of {count} transfers on {samples} samples say nothing.",
                nameof(losses)
            );
        }

        for (var transfer = 0; transfer < count; transfer++)
        {
            for (var sample = 0; sample < samples; sample++)
            {
                if (double.IsNaN(losses[transfer, sample]))
                {
                    throw new ArgumentException(
                        $"The loss of transfer {transfer} on sample {sample} is not a number; leave out the sample or the transfer.",
                        nameof(losses)
                    );
                }
            }
        }

        var shares = new double[count, count];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                var wins = 0;
                for (var sample = 0; sample < samples; sample++)
                {
                    wins += losses[i, sample] < losses[j, sample] ? 1 : 0;
                }

                shares[i, j] = (double)wins / samples;
            }
        }

        return shares;
    }

    /// <summary>The affinity of each transfer to the target.</summary>
    /// <param name="shares">Transfers x transfers: the share of samples on which the row beats the column, from 0 to 1; the diagonal is not read.</param>
    /// <returns>One positive number a transfer; they add up to 1.</returns>
    /// <exception cref="ArgumentException">The matrix is empty or not square, or a share is not from 0 to 1.</exception>
    public static double[] Affinities(double[,] shares)
    {
        ArgumentNullException.ThrowIfNull(shares);
        return PrincipalEigenvector(Ratios(shares));
    }

    /// <summary>The affinity of each transfer to the target, from its losses.</summary>
    /// <param name="losses">Transfers x samples, as in <see cref="WinShares"/>.</param>
    /// <exception cref="ArgumentException">There is no sample, or a loss is NaN.</exception>
    public static double[] AffinitiesOfLosses(double[,] losses) => Affinities(WinShares(losses));

    /// <summary>The positive eigenvector of a positive matrix, which adds up to 1.</summary>
    /// <remarks>
    /// Power iteration, shifted by half the eigenvalue: transfers that beat each other in a circle make three eigenvalues of nearly
    /// the same size, a third of a turn apart in the complex plane, which the shift tells apart.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The power iteration does not settle.</exception>
    internal static double[] PrincipalEigenvector(double[,] matrix)
    {
        var count = matrix.GetLength(0);
        var vector = Enumerable.Repeat(1.0 / count, count).ToArray();
        var next = new double[count];
        var (smallest, since) = (double.PositiveInfinity, 0);
        for (var step = 0; step < MostSteps; step++)
        {
            var sum = 0.0;
            for (var i = 0; i < count; i++)
            {
                next[i] = 0;
                for (var j = 0; j < count; j++)
                {
                    next[i] += matrix[i, j] * vector[j];
                }

                sum += next[i];
            }

            var change = 0.0;
            for (var i = 0; i < count; i++)
            {
                next[i] = ((next[i] / sum) + (vector[i] / 2)) / 1.5;
                change = Math.Max(change, Math.Abs(next[i] - vector[i]) / next[i]);
            }

            (vector, next) = (next, vector);
            (smallest, since) = change < smallest ? (change, 0) : (smallest, since + 1);
            if (change <= Settled || (smallest <= NearlySettled && since >= Patience))
            {
                return vector;
            }
        }

        throw new InvalidOperationException(
            $"The eigenvector of {count} transfers does not settle in {MostSteps} steps."
        );
    }

    private static double[,] Ratios(double[,] shares)
    {
        var count = shares.GetLength(0);
        if (count == 0 || shares.GetLength(1) != count)
        {
            throw new ArgumentException(
                $"Each transfer is compared with each; got {count} x {shares.GetLength(1)} shares.",
                nameof(shares)
            );
        }

        var ratios = new double[count, count];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                if (i != j && shares[i, j] is not (>= 0 and <= 1))
                {
                    throw new ArgumentException(
                        FormattableString.Invariant(
                            $"Transfer {i} beats transfer {j} on a share of {shares[i, j]}; a share is from 0 to 1."
                        ),
                        nameof(shares)
                    );
                }

                ratios[i, j] = i == j ? 1 : Clip(shares[i, j]) / Clip(shares[j, i]);
            }
        }

        return ratios;
    }

    private static double Clip(double share) => Math.Clamp(share, LeastShare, 1 - LeastShare);
}
