namespace Plait.Relationships.Embedding;

/// <summary>An episode of few-shot learning: for each of some tasks, demonstrations to know it by, and others to be judged by.</summary>
/// <remarks>The tensors stay the caller's. All demonstrations have as many steps; the tasks differ from episode to episode.</remarks>
/// <param name="SupportObservations">What is seen at each step, [tasks, demonstrations, steps, observations].</param>
/// <param name="SupportActions">What is done there, [tasks, demonstrations, steps, actions].</param>
/// <param name="QueryObservations">The same of the demonstrations to be judged by, of which there may be another number.</param>
/// <param name="QueryActions">What is done there.</param>
public sealed record TaskDemonstrations(
    Tensor SupportObservations,
    Tensor SupportActions,
    Tensor QueryObservations,
    Tensor QueryActions
)
{
    /// <summary>How many tasks.</summary>
    public long Tasks => SupportObservations.size(0);

    /// <exception cref="ArgumentException">The shapes do not fit each other.</exception>
    internal void Require()
    {
        foreach (
            var (observations, actions, what) in new[]
            {
                (SupportObservations, SupportActions, "support"),
                (QueryObservations, QueryActions, "query"),
            }
        )
        {
            var (seen, done) = (observations.shape, actions.shape);
            if (seen.Length != 4 || done.Length != 4 || !seen.AsSpan(0, 3).SequenceEqual(done.AsSpan(0, 3)))
            {
                throw new ArgumentException(
                    $"The {what} has observations [{string.Join(", ", seen)}] and actions [{string.Join(", ", done)}]; both are [tasks, demonstrations, steps, numbers]."
                );
            }
        }

        if (SupportObservations.size(0) != QueryObservations.size(0))
        {
            throw new ArgumentException(
                $"The support is of {SupportObservations.size(0)} tasks, the query of {QueryObservations.size(0)}; give both for each task."
            );
        }
    }
}
