using System.Runtime.InteropServices;

namespace Plait.Tasks.Metrics;

/// <summary>Tensors as spans of managed numbers in main memory, so that a metric costs a few tensor calls a batch, not a few for each number.</summary>
/// <remarks>A span lives as long as the dispose scope that was open when it was made.</remarks>
internal static class HostMemory
{
    /// <summary>All numbers, row by row, as doubles.</summary>
    public static ReadOnlySpan<double> Doubles(Tensor tensor) =>
        MemoryMarshal.Cast<byte, double>(tensor.detach().cpu().to(ScalarType.Float64).contiguous().bytes);

    /// <summary>All numbers, row by row, as whole numbers.</summary>
    public static ReadOnlySpan<long> Integers(Tensor tensor) =>
        MemoryMarshal.Cast<byte, long>(tensor.detach().cpu().to(ScalarType.Int64).contiguous().bytes);

    /// <summary>The marks of the present targets, 0 where one is missing; empty when none is.</summary>
    public static ReadOnlySpan<double> Marks(TaskTarget target) =>
        target.Present is null ? [] : Doubles(target.Present);

    /// <summary>The class of each target, -1 where it is missing or none of the classes.</summary>
    /// <param name="output">Class logits, [rows, classes, ...] or one logit a target: then 0.5 and above is class 1.</param>
    /// <param name="target">As many targets.</param>
    public static long[] Classes(Tensor output, TaskTarget target)
    {
        var classes = TargetShapes.AreClasses(output, target.Values) ? output.shape[1] : 2;
        var labels = target.Values.is_floating_point()
            ? Whole(Doubles(target.Values), classes)
            : Integers(target.Values).ToArray();
        var marks = Marks(target);
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] < 0 || labels[i] >= classes || (!marks.IsEmpty && marks[i] == 0))
            {
                labels[i] = -1;
            }
        }

        return labels;
    }

    private static long[] Whole(ReadOnlySpan<double> targets, long classes)
    {
        var labels = new long[targets.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = classes == 2 ? (targets[i] >= 0.5 ? 1 : 0) : (long)targets[i];
        }

        return labels;
    }
}
