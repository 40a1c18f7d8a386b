using System.Runtime.InteropServices;

namespace Plait.Tabular.Features;

/// <summary>Writes rows of a table into a matrix of inputs.</summary>
internal sealed class RowEncoder
{
    private const int BytesPerBlock = 1 << 20; // stays in the cache while one column after the other is written

    private readonly FeatureEncoding[] encodings;
    private readonly int[][] slots;

    public RowEncoder(TableSchema schema, IReadOnlyList<FeatureEncoding> encodings)
    {
        this.encodings = [.. encodings];
        slots = [.. encodings.Select((encoding, i) => SlotsOf(encoding, schema.Features[i]))];
        Width = encodings.Sum(encoding => encoding.Width);
    }

    /// <summary>Inputs a row.</summary>
    public int Width { get; }

    /// <summary>The rows as [rows, inputs], float.</summary>
    public Tensor Encode(TabularData data, ReadOnlySpan<long> rows)
    {
        var result = torch.zeros([rows.Length, Width], ScalarType.Float32);
        var block = Math.Max(1, BytesPerBlock / (sizeof(float) * Math.Max(1, Width)));
        for (var start = 0; start < rows.Length; start += block)
        {
            var length = Math.Min(block, rows.Length - start);
            using var view = result.narrow(0, start, length);
            Encode(data, rows.Slice(start, length), MemoryMarshal.Cast<byte, float>(view.bytes));
        }

        return result;
    }

    private void Encode(TabularData data, ReadOnlySpan<long> rows, Span<float> matrix)
    {
        var offset = 0;
        for (var i = 0; i < encodings.Length; i++)
        {
            if (encodings[i] is NumericEncoding numeric)
            {
                WriteNumbers(numeric, data, i, rows, matrix[offset..]);
            }
            else
            {
                WriteCategories(slots[i], data.FeatureCodes(i), rows, matrix[offset..]);
            }

            offset += encodings[i].Width;
        }
    }

    private void WriteNumbers(
        NumericEncoding encoding,
        TabularData data,
        int feature,
        ReadOnlySpan<long> rows,
        Span<float> matrix
    )
    {
        var numbers = data.FeatureNumbers(feature);
        var (mean, deviation) = (encoding.Mean, encoding.StandardDeviation);
        for (var row = 0; row < rows.Length; row++)
        {
            var number = numbers[(int)rows[row]];
            if (!double.IsNaN(number))
            {
                var input = deviation > 0 ? (float)((number - mean) / deviation) : 0;
                matrix[row * Width] = float.IsFinite(input)
                    ? input
                    : throw data.TooFar((int)rows[row], encoding.Name, number, mean);
            }
            else if (encoding.MarksMissing)
            {
                matrix[(row * Width) + 1] = 1;
            }
        }
    }

    private void WriteCategories(int[] slotOfCode, ReadOnlySpan<int> codes, ReadOnlySpan<long> rows, Span<float> matrix)
    {
        for (var row = 0; row < rows.Length; row++)
        {
            var code = codes[(int)rows[row]];
            matrix[(row * Width) + slotOfCode[code < 0 ? ^1 : code]] = 1;
        }
    }

    /// <summary>The input of each code of the schema; the last is for unseen and missing ones.</summary>
    private static int[] SlotsOf(FeatureEncoding encoding, FeatureColumn column)
    {
        if (encoding is not CategoricalEncoding categorical)
        {
            return [];
        }

        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var category in categorical.Categories)
        {
            places.Add(category, places.Count);
        }

        var unseen = categorical.Categories.Count;
        return [.. column.Categories!.Select(category => places.GetValueOrDefault(category, unseen)), unseen];
    }
}
