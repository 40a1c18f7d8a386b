namespace Plait.Numerics;

/// <summary>Takes the lengths out of a Gramian.</summary>
internal static class UnitVectors
{
    /// <summary>The inner products of the vectors at length 1, those of length 0 left out.</summary>
    /// <param name="gramian">Inner products of T vectors, T x T.</param>
    /// <param name="cosines">Receives N x N inner products, where N vectors take part.</param>
    /// <param name="norms">Receives the N lengths.</param>
    /// <param name="places">Receives for each of the N its place among the T.</param>
    /// <param name="shares">Vectors with a share of 0 are left out too; empty for none.</param>
    /// <returns>N.</returns>
    public static int Of(
        ReadOnlySpan<double> gramian,
        Span<double> cosines,
        Span<double> norms,
        Span<int> places,
        ReadOnlySpan<double> shares = default
    )
    {
        var count = norms.Length;
        var taken = 0;
        for (var i = 0; i < count; i++)
        {
            var square = gramian[i * (count + 1)];
            if (square > 0 && (shares.IsEmpty || shares[i] > 0))
            {
                norms[taken] = Math.Sqrt(square);
                places[taken++] = i;
            }
        }

        for (var i = 0; i < taken; i++)
        {
            var row = gramian.Slice(places[i] * count, count);
            for (var j = 0; j < taken; j++)
            {
                cosines[(i * taken) + j] = i == j ? 1 : Math.Clamp(row[places[j]] / norms[i] / norms[j], -1, 1);
            }
        }

        return taken;
    }
}
