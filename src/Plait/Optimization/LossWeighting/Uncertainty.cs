using Plait.Catalogue;
using Plait.Tasks;

namespace Plait.Optimization.LossWeighting;

/// <summary>Learns the noise of each task along with the network, and weighs each loss by its inverse.</summary>
/// <remarks>
/// <para>Kendall, Gal and Cipolla 2018, <i>Multi-Task Learning Using Uncertainty to Weigh Losses</i>, equations 7 and 10. With
/// s = log σ² the term of a regression is exp(-s) L / 2 + s / 2 and that of a classification exp(-s) L + s / 2, so that s tends to
/// log L and to log 2L. Losses that measure an error (squared, absolute, Huber) count as regressions, every other one as a classification.</para>
/// <para>The paper leaves the start open and public code often takes s = -0.5 with the regression form for every task; here s starts at
/// 0, where σ is 1. A loss below 0 has no such noise: its s would fall for ever.</para>
/// </remarks>
[Method(
    "uncertainty",
    Survey = "3.1",
    Paper = "Kendall, Gal and Cipolla 2018, Multi-Task Learning Using Uncertainty to Weigh Losses for Scene Geometry and Semantics",
    Arxiv = "1705.07115",
    Summary = "Learns each task's noise and weighs its loss by the inverse."
)]
public sealed class Uncertainty : LearnedScaleWeighting
{
    private float[] precisionScales = []; // 1/2 for a regression and 1 for a classification

    /// <summary>Sets the start.</summary>
    /// <param name="logVariance">log σ² of every task at the start; finite.</param>
    public Uncertainty(double logVariance = 0)
        : base("log-variances", logVariance)
    {
        if (!double.IsFinite(logVariance))
        {
            throw new ArgumentException($"The log-variance is finite; got {logVariance}.", nameof(logVariance));
        }
    }

    /// <inheritdoc/>
    public override void Begin(TaskSet tasks, Device device)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        base.Begin(tasks, device);
        precisionScales = [.. tasks.Select(task => task.Loss.MeasuresError ? 0.5f : 1f)];
    }

    /// <inheritdoc/>
    protected override Tensor Weigh(TaskLosses losses, Tensor scales)
    {
        ArgumentNullException.ThrowIfNull(losses);
        float[] chosen = [.. losses.Tasks.Indices.ToArray().Select(place => precisionScales[place])];
        var factors = torch.tensor(chosen, device: scales.device);
        return scales.neg().exp().mul(factors).mul(losses.Values).add(scales.mul(0.5));
    }
}
