namespace Plait.Relationships.Embedding;

/// <summary>Distances between task embeddings of one probe, and what they are good for.</summary>
/// <remarks>Achille et al. 2019, section 3.</remarks>
public static class Task2VecDistances
{
    /// <summary>What nearness to the trivial task takes off an expert, found by the authors for their experts.</summary>
    public const double DefaultAlpha = 0.15;

    /// <summary>The cosine distance of F_a / (F_a + F_b) and F_b / (F_a + F_b), taken unit by unit.</summary>
    /// <remarks>
    /// The division makes units of loud and of quiet layers count alike. A unit that knows nothing of either task, such as a dead
    /// rectifier, does not count. A task is at distance 0 from itself and from any task whose information is a multiple of its own.
    /// </remarks>
    /// <returns>From 0 to 1; 1 where one of the two has no information at all, 0 where neither has.</returns>
    /// <exception cref="ArgumentException">The embeddings are of different probes.</exception>
    public static double Symmetric(TaskEmbedding a, TaskEmbedding b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Information.Count != b.Information.Count)
        {
            throw new ArgumentException(
                $"'{a.Task}' has {a.Information.Count} units and '{b.Task}' {b.Information.Count}; embed both with the same probe.",
                nameof(b)
            );
        }

        var (product, squareA, squareB) = (0.0, 0.0, 0.0);
        for (var unit = 0; unit < a.Information.Count; unit++)
        {
            var (ofA, ofB) = (a.Information[unit], b.Information[unit]);
            if (ofA + ofB > 0)
            {
                var (shareOfA, shareOfB) = (ofA / (ofA + ofB), ofB / (ofA + ofB));
                product += shareOfA * shareOfB;
                squareA += shareOfA * shareOfA;
                squareB += shareOfB * shareOfB;
            }
        }

        return product > 0 ? Math.Max(0, 1 - (product / Math.Sqrt(squareA) / Math.Sqrt(squareB)))
            : squareA + squareB > 0 ? 1
            : 0;
    }

    /// <summary>How ill an expert of one task serves another: their symmetric distance, less alpha times the expert's distance to the trivial task.</summary>
    /// <remarks>Experts of richer tasks are preferred to those of poorer ones that are as near.</remarks>
    /// <param name="expert">What the expert was trained on.</param>
    /// <param name="target">What it is wanted for.</param>
    /// <param name="alpha">What richness counts, 0 or more.</param>
    /// <returns>From -alpha to 1; less is better. An expert of the task itself is not at 0.</returns>
    public static double Asymmetric(TaskEmbedding expert, TaskEmbedding target, double alpha = DefaultAlpha)
    {
        ArgumentNullException.ThrowIfNull(expert);
        ArgumentOutOfRangeException.ThrowIfNegative(alpha);
        return Symmetric(expert, target) - (alpha * Symmetric(expert, expert.Trivial()));
    }

    /// <summary>The experts for a task, the best first.</summary>
    /// <param name="target">What an expert is wanted for.</param>
    /// <param name="experts">The tasks that there are experts of.</param>
    /// <param name="alpha">As in <see cref="Asymmetric"/>; 0 for the nearest task.</param>
    public static IReadOnlyList<(TaskEmbedding Expert, double Distance)> Experts(
        TaskEmbedding target,
        IEnumerable<TaskEmbedding> experts,
        double alpha = DefaultAlpha
    ) =>
        [
            .. experts
                .Select(expert => (Expert: expert, Distance: Asymmetric(expert, target, alpha)))
                .OrderBy(pair => pair.Distance),
        ];

    /// <summary>1 - the symmetric distance of every two tasks.</summary>
    /// <returns>Symmetric, from 0 to 1, with ones on the diagonal.</returns>
    public static AffinityMatrix Affinity(IReadOnlyList<TaskEmbedding> embeddings) =>
        Matrix(embeddings, (target, source) => 1 - Symmetric(target, source));

    /// <summary>1 - the asymmetric distance: row the task that is served, column the expert's task.</summary>
    public static AffinityMatrix Transfer(IReadOnlyList<TaskEmbedding> embeddings, double alpha = DefaultAlpha) =>
        Matrix(embeddings, (target, expert) => 1 - Asymmetric(expert, target, alpha));

    private static AffinityMatrix Matrix(
        IReadOnlyList<TaskEmbedding> embeddings,
        Func<TaskEmbedding, TaskEmbedding, double> affinity
    )
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        return new(
            [.. embeddings.Select(embedding => embedding.Task)],
            [.. embeddings.SelectMany(target => embeddings.Select(source => affinity(target, source)))]
        );
    }
}
