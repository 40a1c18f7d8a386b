using Plait.Optimization;
using Plait.Torch;

namespace Plait.Tests.Optimization;

/// <summary>Task gradients that are given as numbers.</summary>
internal static class GivenRows
{
    /// <summary>The two conflicting gradients of the worked examples.</summary>
    public static double[][] Golden { get; } =
    [
        [-4, 1, 1],
        [6, 1, 1],
    ];

    public static TaskGradients Of(double[][] rows, Func<int, Tensor>? another = null, double scale = 1)
    {
        var tasks = StepContexts.Regressions(rows.Length);
        double[] flat = [.. rows.SelectMany(row => row).Select(value => value * scale)];
        return TaskGradients.OfRows(
            tasks,
            torch.tensor(flat).view(rows.Length, -1).DetachFromDisposeScope(),
            another: another
        );
    }

    /// <summary>The update that a method makes of some rows.</summary>
    public static double[] Update(this GradientAggregator method, double[][] rows, long step = 0, double scale = 1)
    {
        using var scope = torch.NewDisposeScope();
        using var gradients = Of(rows, scale: scale);
        return Numbers.Read(method.Aggregate(gradients, StepContexts.At(step, tasks: rows.Length)));
    }
}
