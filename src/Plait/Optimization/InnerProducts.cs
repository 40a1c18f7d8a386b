namespace Plait.Optimization;

/// <summary>Inner products of long vectors.</summary>
internal static class InnerProducts
{
    // Squares outside of this range come near to where single precision overflows, or loses digits by underflow.
    private const double SmallestSquare = 1e-24;
    private const double LargestSquare = 1e30;
    private const long Chunk = 1 << 16;

    /// <summary>The inner products of the rows, row by row.</summary>
    /// <remarks>Single precision where it is safe, since the rows themselves are no better; double where their scale asks for it.</remarks>
    /// <param name="rows">[vectors, numbers].</param>
    public static double[] Of(Tensor rows)
    {
        using var scope = torch.NewDisposeScope();
        var values = Torch.Numbers.Read(rows.mm(rows.t()));
        return rows.dtype == ScalarType.Float64 || IsSafe(values) ? values : InDouble(rows);
    }

    private static bool IsSafe(double[] gramian)
    {
        var count = (int)Math.Round(Math.Sqrt(gramian.Length));
        for (var i = 0; i < count; i++)
        {
            if (gramian[i * (count + 1)] is not (>= SmallestSquare and <= LargestSquare))
            {
                return false;
            }
        }

        return true;
    }

    private static double[] InDouble(Tensor rows)
    {
        var sum = torch.zeros([rows.size(0), rows.size(0)], ScalarType.Float64, rows.device);
        for (var start = 0L; start < rows.size(1); start += Chunk)
        {
            using var scope = torch.NewDisposeScope();
            var part = rows.narrow(1, start, Math.Min(Chunk, rows.size(1) - start)).to(ScalarType.Float64);
            sum.add_(part.mm(part.t()));
        }

        return Torch.Numbers.Read(sum);
    }
}
