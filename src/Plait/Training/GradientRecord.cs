using System.Text.Json.Serialization;

namespace Plait.Training;

/// <summary>How the tasks' gradients stood to each other at one step.</summary>
/// <param name="Step">Steps taken before.</param>
/// <param name="Norms">The norm of each task's gradient; NaN for a task without a target in the batch.</param>
/// <param name="Cosines">The cosine between each two tasks' gradients, tasks x tasks, row by row; NaN where one has none.</param>
/// <param name="Condition">
/// The largest eigenvalue of the gradients' Gramian over the smallest: 1 for orthogonal gradients of one length, infinite for
/// dependent ones.
/// </param>
/// <param name="UpdateWeights">
/// What each task's gradient was multiplied by in the update, its loss's weight times the aggregator's; NaN where the update was
/// no weighted sum, for a task without a target, and in a step that was skipped.
/// </param>
public sealed record GradientRecord(
    long Step,
    double[] Norms,
    double[] Cosines,
    double Condition,
    double[] UpdateWeights
)
{
    /// <summary>
    /// How far the gradients agree in each of their numbers, from 0 to 1: their <see cref="Optimization.UpdateCompliance"/> where they were taken. NaN
    /// with fewer than two, and in records of earlier versions.
    /// </summary>
    public double Compliance { get; init; } = double.NaN;

    /// <summary>The share of the pairs of tasks whose gradients point away from each other; NaN without a pair.</summary>
    [JsonIgnore]
    public double ConflictRate
    {
        get
        {
            var tasks = Norms.Length;
            var pairs = Cosines
                .Where((cosine, place) => place / tasks < place % tasks && !double.IsNaN(cosine))
                .ToArray();
            return pairs.Length == 0 ? double.NaN : (double)pairs.Count(cosine => cosine < 0) / pairs.Length;
        }
    }
}
