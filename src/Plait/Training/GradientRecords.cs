using Plait.Optimization;
using Plait.Torch;

namespace Plait.Training;

/// <summary>Makes the record of a look at task gradients.</summary>
internal static class GradientRecords
{
    /// <summary>Norms and cosines from inner products, spread over all tasks of the set.</summary>
    public static GradientRecord From(long step, int tasks, GramianView gramian)
    {
        var norms = new double[tasks];
        var cosines = new double[tasks * tasks];
        Array.Fill(norms, double.NaN);
        Array.Fill(cosines, double.NaN);
        for (var i = 0; i < gramian.Count; i++)
        {
            norms[gramian.Tasks[i]] = Math.Sqrt(gramian[i, i]);
            for (var j = 0; j < gramian.Count; j++)
            {
                var scale = Math.Sqrt(gramian[i, i]) * Math.Sqrt(gramian[j, j]);
                cosines[(gramian.Tasks[i] * tasks) + gramian.Tasks[j]] =
                    scale > 0 ? Math.Clamp(gramian[i, j] / scale, -1, 1) : double.NaN;
            }
        }

        var unknown = new double[tasks];
        Array.Fill(unknown, double.NaN);
        return new GradientRecord(step, norms, cosines, Condition(gramian), unknown);
    }

    /// <summary>The record with what the step then did.</summary>
    public static GradientRecord With(this GradientRecord record, TaskGradients step)
    {
        var weights = (double[])record.UpdateWeights.Clone();
        for (var i = 0; i < step.Factors.Length; i++)
        {
            weights[step.Tasks.Indices[i]] = step.Weights[i] * step.Factors[i];
        }

        return record with
        {
            UpdateWeights = weights,
        };
    }

    private static double Condition(GramianView gramian)
    {
        using var scope = torch.NewDisposeScope();
        var matrix = torch.tensor(gramian.Values.ToArray()).view(gramian.Count, gramian.Count);
        var eigenvalues = Numbers.Read(torch.linalg.eigvalsh(matrix)); // rising
        var rounding = Math.ScaleB(gramian.Count, -23) * eigenvalues[^1]; // of gradients in single precision
        return eigenvalues[0] > rounding ? eigenvalues[^1] / eigenvalues[0] : double.PositiveInfinity;
    }
}
