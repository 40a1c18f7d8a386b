using Plait.Catalogue;
using Plait.Tasks;

namespace Plait.Optimization.Scheduling;

/// <summary>Trains one task a step, drawn in proportion to the square root of its number of rows.</summary>
/// <remarks>Stickland and Murray 2019, <i>BERT and PALs</i>, section 4.1, with α = 0.5: between even shares and proportional ones.</remarks>
[Method(
    "square-root",
    Survey = "3.3",
    Paper = "Stickland and Murray 2019, BERT and PALs: Projected Attention Layers for Efficient Adaptation in Multi-Task Learning",
    Arxiv = "1902.02671",
    Summary = "One task a step, drawn in proportion to the square root of its number of rows."
)]
public sealed class SquareRoot : SampledSchedule
{
    /// <inheritdoc/>
    protected override void Weigh(StepContext step, Span<double> weights) => SizeLaw.Fill(Rows, 0.5, weights);
}
