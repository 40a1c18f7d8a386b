using Plait.Numerics;

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
        return Of([.. Enumerable.Range(0, (int)rows.size(0)).Select(i => rows.select(0, i))]);
    }

    /// <summary>The inner products of vectors, row by row.</summary>
    /// <inheritdoc cref="Of(Tensor)"/>
    /// <param name="vectors">Tensors of one shape and type each; null is zero.</param>
    public static double[] Of(IReadOnlyList<Tensor?> vectors)
    {
        using var scope = torch.NewDisposeScope();
        var count = vectors.Count;
        var places = Enumerable.Range(0, count).Where(i => vectors[i] is not null).ToArray();
        var there = Array.ConvertAll(places, i => Flat(vectors[i]!));
        var values = there.Length == 0 ? [] : OfAll(there);
        var result = new double[count * count];
        for (var i = 0; i < places.Length; i++)
        {
            for (var j = 0; j < places.Length; j++)
            {
                result[(places[i] * count) + places[j]] = values[(i * places.Length) + j];
            }
        }

        return result;
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

    /// <summary>The squared length of each row of a matrix.</summary>
    /// <inheritdoc cref="Of(Tensor)"/>
    public static double[] SquaresOf(Tensor rows)
    {
        using var scope = torch.NewDisposeScope();
        double[] squares = [.. Squares(rows)];
        if (rows.dtype == ScalarType.Float64 || IsSafe(squares))
        {
            return squares;
        }

        Array.Clear(squares);
        for (var start = 0L; start < rows.size(1); start += Chunk)
        {
            using var part = torch.NewDisposeScope();
            foreach (var (i, square) in Squares(Part(rows, start)).Index())
            {
                squares[i] += square;
            }
        }

        return squares;
    }

    private static double[] OfAll(Tensor[] vectors)
    {
        if (vectors[0].dtype == ScalarType.Float32 && vectors[0].device.type == DeviceType.CPU)
        {
            var values = LongVectors.InnerProducts(
                Array.ConvertAll(vectors, Torch.Numbers.AddressOf),
                vectors[0].numel()
            );
            GC.KeepAlive(vectors);
            if (HasSafeDiagonal(values))
            {
                return values;
            }
        }

        var rows = torch.stack(vectors).detach().flatten(1);
        return rows.dtype == ScalarType.Float64 ? Torch.Numbers.Read(rows.mm(rows.t())) : InDouble(rows, rows);
    }

    /// <summary>A look at the numbers that costs no call where they lie one after the other already.</summary>
    private static Tensor Flat(Tensor vector) => vector.is_contiguous() ? vector : vector.detach().contiguous();

    private static bool HasSafeDiagonal(double[] gramian)
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
