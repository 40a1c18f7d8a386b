using Plait.Catalogue;
using Plait.Tasks;

namespace Plait.Optimization.Scheduling;

/// <summary>Trains one task a step, drawn in proportion to a root of its number of rows.</summary>
/// <remarks>
/// Arivazhagan et al. 2019, <i>Massively Multilingual Neural Machine Translation in the Wild</i>, section 4.2: N_t^(1/τ) with τ = 5. τ = 1 is
/// proportional, an infinite τ would be uniform. The cap comes from Raffel et al. 2020, section 3.5.2.
/// </remarks>
[Method(
    "temperature",
    Survey = "3.3",
    Paper = "Arivazhagan et al. 2019, Massively Multilingual Neural Machine Translation in the Wild: Findings and Challenges",
    Arxiv = "1907.05019",
    Summary = "One task a step, drawn in proportion to a root of its number of rows."
)]
public sealed class Temperature : SampledSchedule
{
    private readonly double temperature;
    private readonly long cap;

    /// <summary>Sets the temperature.</summary>
    /// <param name="temperature">Above 0; the higher, the more even the shares. 5 in the paper.</param>
    /// <param name="cap">The most rows that a task counts; 1 or more. Null counts all.</param>
    public Temperature(double temperature = 5, long? cap = null)
    {
        if (!(temperature > 0))
        {
            throw new ArgumentException($"The temperature is above 0; got {temperature}.", nameof(temperature));
        }

        if (cap < 1)
        {
            throw new ArgumentException($"The cap is a number of rows from 1; got {cap}.", nameof(cap));
        }

        this.temperature = temperature;
        this.cap = cap ?? long.MaxValue;
    }

    /// <inheritdoc/>
    protected override void Weigh(StepContext step, Span<double> weights) =>
        SizeLaw.Fill(Rows, 1 / temperature, weights, cap);
}
