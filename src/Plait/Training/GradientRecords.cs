using Plait.Optimization;

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

        return new GradientRecord(step, norms, cosines);
    }
}
