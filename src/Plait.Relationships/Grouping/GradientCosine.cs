using Plait.Catalogue;
using Plait.Optimization;

namespace Plait.Relationships.Grouping;

/// <summary>Measures the cosine between the tasks' gradients by the shared parameters, averaged over one joint training.</summary>
/// <remarks>
/// The baseline CS of Fifty et al. 2021, <i>Efficiently Identifying Task Groupings for Multi-Task Learning</i>, section 5. Their code leaves
/// out gradients of one-dimensional parameters, which are biases and normalisation; here all shared ones count.
/// </remarks>
[Method(
    "gradient-cosine",
    Survey = "4.1",
    Paper = "Fifty et al. 2021, Efficiently Identifying Task Groupings for Multi-Task Learning (baseline CS)",
    Arxiv = "2109.04617",
    Summary = "The cosine between two tasks' gradients, averaged over one joint training."
)]
public sealed class GradientCosine : AffinityCallback
{
    /// <summary>Sets the options.</summary>
    /// <param name="interval">Steps between two looks; 10 unless said.</param>
    /// <param name="share">The share of a batch's rows that is looked at, above 0 to 1.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public GradientCosine(int interval = 10, double share = 1)
        : base(interval, share) { }

    /// <inheritdoc/>
    protected override double[] Measure(InnerProblem training, IObjective objective)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(objective);
        using var gradients = TaskGradients.Of(training.Losses(objective), training.Network);
        var gramian = gradients.Gramian();
        var cosines = new double[gramian.Count * gramian.Count];
        for (var i = 0; i < gramian.Count; i++)
        {
            for (var j = 0; j < gramian.Count; j++)
            {
                cosines[(i * gramian.Count) + j] = gramian[i, j] / Math.Sqrt(gramian[i, i]) / Math.Sqrt(gramian[j, j]);
            }
        }

        return cosines;
    }
}
