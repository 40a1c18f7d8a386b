using Plait.Tabular.Features;

namespace Plait.Tabular.Models;

/// <summary>Turns inputs that one preprocessing made of some rows into those that another would have made of them.</summary>
/// <remarks>
/// Every input is linear in what a column holds, so the conversion is a matrix and an offset. It is exact but for what the first
/// preprocessing does not tell: categories that it has not seen, and missing numbers that it does not mark.
/// </remarks>
internal static class InputConversion
{
    /// <summary>From the inputs of a student to those of its teacher; null where they are the same.</summary>
    /// <param name="folder">The teacher's folder, for errors.</param>
    /// <param name="from">How the student encodes its columns.</param>
    /// <param name="to">How the teacher encodes its own, all of which the student has.</param>
    /// <exception cref="ArgumentException">The teacher reads a column that the student does not, or reads it as another kind.</exception>
    public static Func<Tensor, Tensor>? Between(
        string folder,
        IReadOnlyList<FeatureEncoding> from,
        IReadOnlyList<FeatureEncoding> to
    )
    {
        var matrix = new float[from.Sum(encoding => encoding.Width), to.Sum(encoding => encoding.Width)];
        var offset = new float[matrix.GetLength(1)];
        var column = 0;
        foreach (var target in to)
        {
            var place = from.TakeWhile(encoding => encoding.Name != target.Name).ToArray();
            if (place.Length == from.Count)
            {
                throw new ArgumentException(
                    $"{folder}: this teacher reads the column '{target.Name}', which this run does not; train the teacher without it, as with --ignore {target.Name}."
                );
            }

            var row = place.Sum(encoding => encoding.Width);
            Convert(folder, from[place.Length], target, matrix, offset, row, column);
            column += target.Width;
        }

        return IsIdentity(matrix, offset)
            ? null
            : input =>
                input.mm(torch.tensor(matrix, device: input.device)).add(torch.tensor(offset, device: input.device));
    }

    private static void Convert(
        string folder,
        FeatureEncoding from,
        FeatureEncoding to,
        float[,] matrix,
        float[] offset,
        int row,
        int column
    )
    {
        switch (from, to)
        {
            case (NumericEncoding own, NumericEncoding other):
                ConvertNumber(own, other, matrix, offset, row, column);
                break;
            case (CategoricalEncoding own, CategoricalEncoding other):
                for (var i = 0; i < own.Width; i++)
                {
                    var slot = i < own.Categories.Count ? other.Categories.ToList().IndexOf(own.Categories[i]) : -1;
                    matrix[row + i, column + (slot < 0 ? other.Categories.Count : slot)] = 1;
                }

                break;
            default:
                throw new ArgumentException(
                    $"{folder}: this teacher and this run differ in whether the column '{to.Name}' holds numbers or names; give both the same --categorical options."
                );
        }
    }

    private static void ConvertNumber(
        NumericEncoding from,
        NumericEncoding to,
        float[,] matrix,
        float[] offset,
        int row,
        int column
    )
    {
        if (to.StandardDeviation > 0)
        {
            matrix[row, column] = (float)(from.StandardDeviation / to.StandardDeviation);
            offset[column] = (float)((from.Mean - to.Mean) / to.StandardDeviation);
        }

        if (from.MarksMissing)
        {
            matrix[row + 1, column] = -offset[column]; // a missing number is 0 to the teacher too
        }

        if (from.MarksMissing && to.MarksMissing)
        {
            matrix[row + 1, column + 1] = 1;
        }
    }

    private static bool IsIdentity(float[,] matrix, float[] offset)
    {
        if (matrix.GetLength(0) != matrix.GetLength(1) || offset.Any(value => value != 0))
        {
            return false;
        }

        for (var i = 0; i < offset.Length; i++)
        {
            for (var j = 0; j < offset.Length; j++)
            {
                if (matrix[i, j] != (i == j ? 1 : 0))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
