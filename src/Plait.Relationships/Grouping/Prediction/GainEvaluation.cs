namespace Plait.Relationships.Grouping.Prediction;

/// <summary>How well gains of pairs were told that the predictor had not seen.</summary>
/// <param name="Probabilities">For each pair, the probability of a gain as told without it.</param>
/// <param name="Accuracy">The share of pairs that were predicted correctly.</param>
/// <param name="MajorityAccuracy">The share of the more frequent outcome: what it takes to beat.</param>
/// <param name="F1">Of the gains: twice the found ones over twice those and all mistakes; 0 where none was found.</param>
public sealed record GainEvaluation(
    IReadOnlyList<double> Probabilities,
    double Accuracy,
    double MajorityAccuracy,
    double F1
)
{
    internal static GainEvaluation Of(IReadOnlyList<GainExample> examples, double[] probabilities)
    {
        var gains = examples.Count(example => example.Gained);
        var right = examples.Where((example, i) => example.Gained == probabilities[i] > 0.5).Count();
        var found = examples.Where((example, i) => example.Gained && probabilities[i] > 0.5).Count();
        return new GainEvaluation(
            probabilities,
            (double)right / examples.Count,
            (double)Math.Max(gains, examples.Count - gains) / examples.Count,
            found == 0 ? 0 : 2.0 * found / ((2.0 * found) + examples.Count - right)
        );
    }
}
