using System.Globalization;
using Plait.Optimization;
using Plait.Torch;

namespace Plait.Training;

/// <summary>Tells whether parameters are all finite numbers after a step, and whose are not.</summary>
internal static class FiniteParameters
{
    /// <summary>Whether all numbers are finite, at the cost of one sum where they are.</summary>
    /// <param name="numbers">A tensor of any shape.</param>
    public static bool Are(Tensor numbers)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();

        // A sum over anything that is not finite is not finite either; one over finite numbers may overflow.
        return double.IsFinite(numbers.sum().item<float>()) || numbers.isfinite().all().item<bool>();
    }

    /// <summary>The place of the first task whose private parameters are not finite; null where shared ones are not.</summary>
    public static int? TaskToBlame(FlatParameters storage)
    {
        using var scope = torch.NewDisposeScope();
        if (!Are(storage.Values.narrow(0, 0, storage.SharedLength)))
        {
            return null;
        }

        for (var task = 0; task < storage.TaskCount; task++)
        {
            var (start, length) = storage.RangeOf(task);
            if (!Are(storage.Values.narrow(0, start, length)))
            {
                return task;
            }
        }

        return null;
    }

    /// <summary>Ends a training whose step cannot be taken back.</summary>
    /// <param name="task">The task to blame, or null.</param>
    /// <param name="what">What is not finite.</param>
    /// <param name="learningRate">Of the step.</param>
    public static NonFiniteException Lost(string? task, string what, double learningRate) =>
        new(
            task,
            NonFiniteException.Parameters,
            string.Create(
                CultureInfo.InvariantCulture,
                $"A step with the learning rate {learningRate:G6} has made {what} infinite or not a number. {NonFiniteException.Remedy}"
            )
        );
}
