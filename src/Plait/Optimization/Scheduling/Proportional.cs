using Plait.Catalogue;
using Plait.Tasks;

namespace Plait.Optimization.Scheduling;

/// <summary>Trains one task a step, drawn in proportion to its number of rows, of which a large task may count a part only.</summary>
/// <remarks>
/// Sanh, Wolf and Ruder 2019, <i>A hierarchical multi-task approach for learning embeddings from semantic tasks</i>, section
/// "Training". With a cap K it is the examples-proportional mixing of Raffel et al. 2020, <i>Exploring the Limits of Transfer
/// Learning with a Unified Text-to-Text Transformer</i>, section 3.5.2: min(N_t, K) over the sum of all.
/// </remarks>
[Method(
    "proportional",
    Survey = "3.3",
    Paper = "Sanh, Wolf and Ruder 2019, A hierarchical multi-task approach for learning embeddings from semantic tasks",
    Arxiv = "1811.06031",
    Summary = "One task a step, drawn in proportion to its number of rows."
)]
public sealed class Proportional : SampledSchedule
{
    private readonly long cap;

    /// <summary>Sets the cap.</summary>
    /// <param name="cap">The most rows that a task counts; 1 or more. Null counts all.</param>
    public Proportional(long? cap = null)
    {
        if (cap < 1)
        {
            throw new ArgumentException($"The cap is a number of rows from 1; got {cap}.", nameof(cap));
        }

        this.cap = cap ?? long.MaxValue;
    }

    /// <inheritdoc/>
    protected override void Weigh(StepContext step, Span<double> weights) => SizeLaw.Fill(Rows, 1, weights, cap);
}
