namespace Plait.Relationships.Grouping.Prediction;

/// <summary>The loss of a task that is trained alone, step by step.</summary>
/// <remarks>
/// Bingel and Søgaard 2017, <i>Identifying beneficial task relations for multi-task learning in deep neural networks</i>: a main
/// task whose loss stands still early, beside an auxiliary one whose loss still falls, gains; so the slopes of both curves tell more than
/// the data do.
/// </remarks>
public sealed class LearningCurve
{
    private readonly double[] steps;
    private readonly double[] losses;

    /// <summary>Takes a curve.</summary>
    /// <param name="steps">When each loss was recorded: optimizer steps or epochs, 0 or more, ascending; at even intervals.</param>
    /// <param name="losses">The training losses, finite; three or more.</param>
    /// <exception cref="ArgumentException">The numbers are too few, or not as said.</exception>
    public LearningCurve(IReadOnlyList<double> steps, IReadOnlyList<double> losses)
    {
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentNullException.ThrowIfNull(losses);
        if (steps.Count != losses.Count || losses.Count < 3)
        {
            throw new ArgumentException(
                $"A learning curve has three losses or more, each with its step; got {losses.Count} losses and {steps.Count} steps.",
                nameof(losses)
            );
        }

        for (var i = 0; i < steps.Count; i++)
        {
            if (!double.IsFinite(steps[i]) || !double.IsFinite(losses[i]))
            {
                throw new ArgumentException(
                    $"Record {i + 1} is the loss {losses[i]} at step {steps[i]}; both must be finite.",
                    nameof(losses)
                );
            }

            if (steps[i] < 0 || (i > 0 && steps[i] <= steps[i - 1]))
            {
                throw new ArgumentException(
                    $"Record {i + 1} is of step {steps[i]}{(i > 0 ? $", after step {steps[i - 1]}" : "")}; steps are 0 or more and rise.",
                    nameof(steps)
                );
            }
        }

        this.steps = [.. steps];
        this.losses = [.. losses];
    }

    /// <summary>Where in the training the paper takes the slopes, as shares of it.</summary>
    public static IReadOnlyList<double> Places { get; } = [0.1, 0.2, 0.3, 0.5, 0.7];

    /// <summary>When each loss was recorded.</summary>
    public IReadOnlyList<double> Steps => steps;

    /// <summary>The losses.</summary>
    public IReadOnlyList<double> Losses => losses;

    /// <summary>The slope at a place: the difference of the losses recorded before and after it, over that of their steps.</summary>
    /// <param name="place">A share of the training, from 0 to 1.</param>
    /// <returns>Loss per step; negative where the loss falls.</returns>
    public double SlopeAt(double place)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(place);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(place, 1);
        var middle = Math.Clamp((int)(losses.Length * place), 1, losses.Length - 2);
        return (losses[middle + 1] - losses[middle - 1]) / (steps[middle + 1] - steps[middle - 1]);
    }

    /// <summary>Fits a logarithm to the curve.</summary>
    public LogarithmicCurve Fit() => LogarithmicFit.Of(steps, losses);
}
