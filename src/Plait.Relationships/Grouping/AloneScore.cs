namespace Plait.Relationships.Grouping;

/// <summary>What a task scores in a group of its own, where groups are chosen by what tasks gain from each other.</summary>
/// <remarks>A number converts to the score that every task then has.</remarks>
public readonly record struct AloneScore
{
    private readonly Kind kind;
    private readonly double score;

    private AloneScore(Kind kind, double score) => (this.kind, this.score) = (kind, score);

    /// <summary>A task is alone only where there is no other. Alone it scores less than in any group, whatever the affinities, and adds nothing to a total.</summary>
    public static AloneScore LastResort => default;

    /// <summary>What stands on the diagonal of the affinities, as the losses or gains of the tasks alone do; the last resort where that is not a finite number.</summary>
    public static AloneScore Diagonal => new(Kind.Diagonal, double.NaN);

    /// <summary>The same for every task.</summary>
    /// <param name="score">A finite number, in the affinities' unit.</param>
    /// <exception cref="ArgumentException">It is not finite.</exception>
    public static AloneScore Of(double score) => new(Kind.Number, Finite(score));

    /// <summary>The same for every task.</summary>
    /// <param name="score">A finite number, in the affinities' unit.</param>
    public static implicit operator AloneScore(double score) => Of(score);

    /// <summary>The score of each task; NaN where to be alone is the last resort.</summary>
    internal double[] Scores(AffinityMatrix affinities)
    {
        var scores = new double[affinities.Count];
        for (var task = 0; task < scores.Length; task++)
        {
            scores[task] = ScoreOf(affinities[task, task]);
        }

        return scores;
    }

    private double ScoreOf(double diagonal) =>
        kind switch
        {
            Kind.LastResort => double.NaN,
            Kind.Diagonal when double.IsFinite(diagonal) => diagonal,
            _ => score,
        };

    private static double Finite(double score) =>
        double.IsFinite(score)
            ? score
            : throw new ArgumentException($"What a task scores alone is a finite number; got {score}.", nameof(score));

    private enum Kind
    {
        LastResort,
        Diagonal,
        Number,
    }
}
