using System.Globalization;
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

    /// <summary>What each target weighs, 0 where it is missing; empty when all weigh 1.</summary>
    public static ReadOnlySpan<double> Weights(TaskTarget target) =>
        target.Factors is { } factors ? Doubles(factors) : [];

    /// <summary>What an image weighs that can only be judged whole: what each of its present pixels does.</summary>
    /// <param name="weights">Those of its pixels, 0 where one is missing; empty when all weigh 1.</param>
    /// <param name="metric">Who asks.</param>
    /// <returns>0 when no pixel is present.</returns>
    /// <exception cref="ArgumentException">Its present pixels weigh differently.</exception>
    public static double WeightOfImage(ReadOnlySpan<double> weights, string metric)
    {
        if (weights.IsEmpty)
        {
            return 1;
        }

        var image = 0.0;
        foreach (var weight in weights)
        {
            if (weight != 0 && image != 0 && weight != image)
            {
                throw new ArgumentException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"'{metric}' judges an image whole, and here pixels of one image weigh {image} and {weight}; give one weight a row."
                    )
                );
            }

            image = weight != 0 ? weight : image;
        }

        return image;
    }

    /// <summary>The class of each target, -1 where it is missing or none of the classes.</summary>
    /// <param name="answer">Says how many classes there are; of two, 0.5 and above is class 1.</param>
    /// <param name="target">The targets.</param>
    public static long[] Classes(Answer answer, TaskTarget target)
    {
        var classes = answer.Classes;
        var labels = target.Values.is_floating_point()
            ? Whole(Doubles(target.Values), classes)
            : Integers(target.Values).ToArray();
        var weights = Weights(target);
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] < 0 || labels[i] >= classes || (!weights.IsEmpty && weights[i] == 0))
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
