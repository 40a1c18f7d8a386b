using Plait.Catalogue;
using Plait.Tasks;

namespace Plait.Optimization.Scheduling;

/// <summary>Trains one task a step, drawn in proportion to its number of rows at first and ever more evenly from epoch to epoch.</summary>
/// <remarks>
/// Stickland and Murray 2019, <i>BERT and PALs</i>, equation 6: N_t^α with α = 1 - 0.8 (e - 1)/(E - 1) in epoch e of E. Towards the end it
/// matters more to train all tasks alike, lest one be forgotten. A run of one epoch keeps α = 1.
/// </remarks>
[Method(
    "annealed",
    Survey = "3.3",
    Paper = "Stickland and Murray 2019, BERT and PALs: Projected Attention Layers for Efficient Adaptation in Multi-Task Learning",
    Arxiv = "1902.02671",
    Summary = "One task a step, drawn in proportion to its number of rows at first, ever more evenly later."
)]
public sealed class AnnealedSampling : SampledSchedule
{
    private readonly double decay;

    /// <summary>Sets how even the shares become.</summary>
    /// <param name="decay">What the exponent loses from the first epoch to the last, from 0 to 1; 0.8 in the paper.</param>
    public AnnealedSampling(double decay = 0.8)
    {
        if (!(decay >= 0 && decay <= 1))
        {
            throw new ArgumentException($"The decay is a number from 0 to 1; got {decay}.", nameof(decay));
        }

        this.decay = decay;
    }

    /// <inheritdoc/>
    protected override void Weigh(StepContext step, Span<double> weights)
    {
        ArgumentNullException.ThrowIfNull(step);
        SizeLaw.Fill(Rows, 1 - (decay * step.Epoch / Math.Max(1, step.Epochs - 1)), weights);
    }
}
