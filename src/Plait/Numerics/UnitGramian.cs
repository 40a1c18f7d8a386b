namespace Plait.Numerics;

/// <summary>Takes the unit out of a Gramian: what is left are the cosines of the angles between its vectors.</summary>
internal static class UnitGramian
{
    /// <summary>Divides each inner product by both vectors' norms.</summary>
    /// <param name="gramian">Inner products, row by row.</param>
    /// <param name="norms">Receives the norms.</param>
    /// <param name="cosines">Receives 1 on the diagonal, and 0 beside it for a vector of zeros.</param>
    public static void Fill(ReadOnlySpan<double> gramian, Span<double> norms, Span<double> cosines)
    {
        var count = norms.Length;
        for (var i = 0; i < count; i++)
        {
            norms[i] = Math.Sqrt(gramian[i * (count + 1)]);
        }

        for (var i = 0; i < count; i++)
        {
            cosines[i * (count + 1)] = 1;
            for (var j = 0; j < i; j++)
            {
                var cosine =
                    norms[i] == 0 || norms[j] == 0
                        ? 0
                        : Math.Clamp(gramian[(i * count) + j] / norms[i] / norms[j], -1, 1);
                cosines[(i * count) + j] = cosine;
                cosines[(j * count) + i] = cosine;
            }
        }
    }
}
