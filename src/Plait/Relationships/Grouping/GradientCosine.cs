using Plait.Catalogue;
using Plait.Optimization;
using Plait.Optimization.Bilevel;
using Plait.Tasks;

namespace Plait.Relationships.Grouping;

/// <summary>Measures the cosine between the tasks' gradients by the shared parameters, averaged over one joint training.</summary>
/// <remarks>The baseline CS of Fifty et al. 2021, <i>Efficiently Identifying Task Groupings for Multi-Task Learning</i>, section 5.</remarks>
[Method(
    "gradient-cosine",
    Survey = "4.1",
    Paper = "Fifty et al. 2021, Efficiently Identifying Task Groupings for Multi-Task Learning (baseline CS)",
    Arxiv = "2109.04617",
    Summary = "The cosine between two tasks' gradients, averaged over one joint training."
)]
public sealed class GradientCosine : AffinityObserver
{
    private readonly double share;

    /// <summary>Sets the options.</summary>
    /// <param name="interval">Steps between two looks; 10 unless said.</param>
    /// <param name="share">The share of a batch's rows that is looked at, above 0 to 1.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public GradientCosine(int interval = 10, double share = 1)
        : base(interval)
    {
        this.share = share is > 0 and <= 1
            ? share
            : throw new ArgumentException($"share is above 0 and at most 1; got {share}.");
    }

    /// <inheritdoc/>
    protected override double[] Measure(LowerLevel training, TaskSelection seen)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(seen);
        using var scope = torch.NewDisposeScope();
        var cosines = new double[seen.Count * seen.Count];
        Array.Fill(cosines, double.NaN);
        var losses = training.Losses(training.Batch.Share(share));
        using var gradients = TaskGradients.Of(losses, training.Network);
        var gramian = gradients.Gramian();
        for (var i = 0; i < losses.Count; i++)
        {
            var row = seen.Indices.IndexOf(losses.Tasks.Indices[i]) * seen.Count;
            for (var j = 0; j < losses.Count; j++)
            {
                cosines[row + seen.Indices.IndexOf(losses.Tasks.Indices[j])] =
                    gramian[i, j] / Math.Sqrt(gramian[i, i]) / Math.Sqrt(gramian[j, j]);
            }
        }

        training.Storage.ZeroGradients();
        return cosines;
    }
}
