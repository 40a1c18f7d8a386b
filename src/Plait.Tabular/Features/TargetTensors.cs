using Plait.Tasks;

namespace Plait.Tabular.Features;

/// <summary>Makes a task's targets of a target column.</summary>
internal static class TargetTensors
{
    /// <summary>The farthest from the mean, in standard deviations, that is taken: the square of more is beyond single precision.</summary>
    private const double Farthest = 1e18;

    /// <param name="encoding">How the column becomes targets.</param>
    /// <param name="data">Rows with targets.</param>
    /// <param name="target">The column's place among the targets.</param>
    /// <param name="rows">The wanted rows.</param>
    /// <param name="numbers">The type of standardised numbers: single precision to learn from, double to judge by.</param>
    /// <exception cref="TableException">A number is too far from those of the training rows.</exception>
    public static TaskTarget Of(
        TargetEncoding encoding,
        TabularData data,
        int target,
        ReadOnlySpan<long> rows,
        ScalarType numbers
    )
    {
        var kind = encoding.Answers;
        using var raw =
            kind.HoldsSeveral ? kind.Targets(Chosen(data.TargetSets(target), rows), encoding.Classes.Count)
            : kind.HasClasses ? kind.Targets(Codes(data.TargetCodes(target), rows))
            : torch.tensor(Numbers(encoding, data, target, rows), dtype: numbers);
        return data.WeightsOf(target) is { } weights ? Weighted(raw, weights, rows) : TaskTarget.FromRaw(raw);
    }

    /// <summary>How many rows have the target; of a row's several numbers all are there, or none.</summary>
    public static long RowsOf(TaskTarget target) =>
        target.Values.numel() == 0 ? 0 : target.PresentCount * target.Values.size(0) / target.Values.numel();

    /// <summary>A part of the rows may weigh nothing at all, and is then missing.</summary>
    private static TaskTarget Weighted(Tensor raw, IReadOnlyList<double> weights, ReadOnlySpan<long> rows)
    {
        var chosen = new float[rows.Length];
        for (var i = 0; i < chosen.Length; i++)
        {
            chosen[i] = (float)weights[(int)rows[i]];
        }

        using var ofRows = torch.tensor(chosen);
        using var counting = ofRows.gt(0);
        var target = TaskTarget.FromRaw(raw, counting);
        using var replaced = target.Present;
        return target.Weighted(ofRows);
    }

    private static double[] Numbers(TargetEncoding encoding, TabularData data, int target, ReadOnlySpan<long> rows)
    {
        var kind = encoding.Answers;
        var numbers = data.TargetNumbers(target);
        var result = new double[rows.Length];
        for (var i = 0; i < result.Length; i++)
        {
            var number = numbers[(int)rows[i]];
            if (!double.IsNaN(number) && kind.FaultOf(number) is { } fault)
            {
                throw data.Fault(
                    (int)rows[i],
                    encoding.Name,
                    $"{fault}; correct it, or leave it empty where it is missing."
                );
            }

            result[i] = kind.IsStandardised ? encoding.Standardise(number) : number;
            if (Math.Abs(result[i]) > Farthest)
            {
                throw data.TooFar((int)rows[i], encoding.Name, number, encoding.Mean);
            }
        }

        return result;
    }

    private static IReadOnlyList<int>?[] Chosen(IReadOnlyList<IReadOnlyList<int>?> sets, ReadOnlySpan<long> rows)
    {
        var result = new IReadOnlyList<int>?[rows.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = sets[(int)rows[i]];
        }

        return result;
    }

    private static int[] Codes(ReadOnlySpan<int> codes, ReadOnlySpan<long> rows)
    {
        var result = new int[rows.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = codes[(int)rows[i]];
        }

        return result;
    }
}
