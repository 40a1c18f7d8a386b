namespace Plait.Optimization;

/// <summary>Inner products of long vectors.</summary>
internal static class InnerProducts
{
    // Squares outside of this range come near to where single precision overflows, or loses digits by underflow.
    private const double SmallestSquare = 1e-24;
    private const double LargestSquare = 1e30;
    private const long Piece = 1 << 11;
    private const long Chunk = 1 << 16;

    /// <summary>The inner products of the rows, row by row.</summary>
    /// <remarks>Single precision where it is safe, since the rows themselves are no better; double where their scale asks for it.</remarks>
    /// <param name="rows">[vectors, numbers].</param>
    public static double[] Of(Tensor rows)
    {
        using var scope = torch.NewDisposeScope();
        var values = Torch.Numbers.Read(rows.dtype == ScalarType.Float64 ? rows.mm(rows.t()) : InPieces(rows));
        return rows.dtype == ScalarType.Float64 || IsSafe(values) ? values : InDouble(rows, rows);
    }

    /// <summary>The inner products of each row of one matrix with each of another, row by row.</summary>
    /// <param name="left">[vectors, numbers].</param>
    /// <param name="right">[other vectors, numbers].</param>
    public static double[] Between(Tensor left, Tensor right)
    {
        using var scope = torch.NewDisposeScope();
        return left.dtype == ScalarType.Float64 || (IsSafe(Squares(left)) && IsSafe(Squares(right)))
            ? Torch.Numbers.Read(left.mm(right.t()))
            : InDouble(left, right);
    }

    /// <summary>Piece by piece, each of which stays in the processor's cache, added up in double.</summary>
    private static Tensor InPieces(Tensor rows)
    {
        var pieces = rows.is_contiguous() ? rows.size(1) / Piece : 0;
        if (pieces < 2)
        {
            return rows.mm(rows.t());
        }

        var split = rows.as_strided([pieces, rows.size(0), Piece], [Piece, rows.size(1), 1]);
        var sum = split.bmm(split.transpose(1, 2)).to(ScalarType.Float64).sum(0L);
        var rest = rows.narrow(1, pieces * Piece, rows.size(1) - (pieces * Piece));
        return sum.add(rest.mm(rest.t()));
    }

    private static bool IsSafe(double[] gramian)
    {
        var count = (int)Math.Round(Math.Sqrt(gramian.Length));
        return IsSafe(Enumerable.Range(0, count).Select(i => gramian[i * (count + 1)]));
    }

    private static bool IsSafe(IEnumerable<double> squares) =>
        squares.All(square => square is >= SmallestSquare and <= LargestSquare);

    private static IEnumerable<double> Squares(Tensor rows) =>
        Torch.Numbers.Read(torch.linalg.vector_norm(rows, dims: [1])).Select(norm => norm * norm);

    private static double[] InDouble(Tensor left, Tensor right)
    {
        var sum = torch.zeros([left.size(0), right.size(0)], ScalarType.Float64, left.device);
        for (var start = 0L; start < left.size(1); start += Chunk)
        {
            using var scope = torch.NewDisposeScope();
            sum.add_(Part(left, start).mm(Part(right, start).t()));
        }

        return Torch.Numbers.Read(sum);
    }

    private static Tensor Part(Tensor rows, long start) =>
        rows.narrow(1, start, Math.Min(Chunk, rows.size(1) - start)).to(ScalarType.Float64);
}
