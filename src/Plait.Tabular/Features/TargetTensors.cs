using Plait.Tasks;

namespace Plait.Tabular.Features;

/// <summary>Makes a task's targets of a target column.</summary>
internal static class TargetTensors
{
    public static TaskTarget Of(TargetEncoding encoding, TabularData data, int target, ReadOnlySpan<long> rows)
    {
        using var raw = encoding.Kind switch
        {
            TargetKind.Regression => torch.tensor(Numbers(encoding, data.TargetNumbers(target), rows)),
            TargetKind.Binary => torch.tensor(Binary(data.TargetCodes(target), rows)),
            _ => torch.tensor(Classes(data.TargetCodes(target), rows)),
        };
        return TaskTarget.FindMissing(raw);
    }

    private static float[] Numbers(TargetEncoding encoding, ReadOnlySpan<float> numbers, ReadOnlySpan<long> rows)
    {
        var result = new float[rows.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = encoding.Standardise(numbers[(int)rows[i]]);
        }

        return result;
    }

    private static float[] Binary(ReadOnlySpan<int> codes, ReadOnlySpan<long> rows)
    {
        var result = new float[rows.Length];
        for (var i = 0; i < result.Length; i++)
        {
            var code = codes[(int)rows[i]];
            result[i] = code < 0 ? float.NaN : code;
        }

        return result;
    }

    private static long[] Classes(ReadOnlySpan<int> codes, ReadOnlySpan<long> rows)
    {
        var result = new long[rows.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = codes[(int)rows[i]];
        }

        return result;
    }
}
