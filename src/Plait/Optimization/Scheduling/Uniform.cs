using Plait.Catalogue;
using Plait.Tasks;

namespace Plait.Optimization.Scheduling;

/// <summary>Trains one task a step, each as likely as any other.</summary>
/// <remarks>Collobert and Weston 2008, <i>A Unified Architecture for Natural Language Processing</i>, section 5: "select the next task" at random.</remarks>
[Method(
    "uniform",
    Survey = "3.3",
    Paper = "Collobert and Weston 2008, A Unified Architecture for Natural Language Processing",
    Summary = "One task a step, all tasks alike."
)]
public sealed class Uniform : SampledSchedule
{
    /// <inheritdoc/>
    protected override void Weigh(StepContext step, Span<double> weights) => weights.Fill(1);
}
