using Plait.Catalogue;
using Plait.Optimization;
using Plait.Tasks;

[assembly: PlaitMethods]

namespace OwnMethod;

/// <summary>An aggregator of one's own: it brings all task gradients to the mean of their norms, and sums them.</summary>
/// <remarks>It needs the inner products of the gradients alone, so it says one weight a task and is done.</remarks>
[Method(
    "equal-norms",
    Survey = "3.4",
    Paper = "An example of Plait",
    Summary = "Brings all task gradients to the mean of their norms, and sums them."
)]
public sealed class EqualNorms : GramianAggregator
{
    /// <inheritdoc/>
    protected override void Weigh(GramianView gramian, Span<double> weights, StepContext step)
    {
        var mean = 0.0;
        for (var task = 0; task < weights.Length; task++)
        {
            mean += Math.Sqrt(gramian[task, task]) / weights.Length;
        }

        for (var task = 0; task < weights.Length; task++)
        {
            var norm = Math.Sqrt(gramian[task, task]);
            weights[task] = norm > 0 ? mean / norm : 1; // a gradient of 0 stays one
        }
    }
}
