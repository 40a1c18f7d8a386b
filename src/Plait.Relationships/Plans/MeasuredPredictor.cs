using Plait.Relationships.Grouping.Prediction;

namespace Plait.Relationships.Plans;

/// <summary>A predictor of gains that learned from pairs of targets that were trained together, and how well it tells those of targets it has not seen.</summary>
/// <param name="Predictor">What it learned.</param>
/// <param name="Pairs">How many pairs it learned from, one target after the other being the one that gains.</param>
/// <param name="Accuracy">The share of pairs that are predicted correctly by predictors that learned without the target that gains.</param>
/// <param name="MajorityAccuracy">The share of the more frequent outcome: what it takes to beat.</param>
public sealed record MeasuredPredictor(GainPredictor Predictor, int Pairs, double Accuracy, double MajorityAccuracy)
{
    /// <summary>Learns from pairs.</summary>
    /// <param name="examples">Pairs with their gains.</param>
    /// <returns>Null where all gained or none did, from which nothing can be learned.</returns>
    public static MeasuredPredictor? Of(IReadOnlyList<GainExample> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        if (examples.All(example => example.Gained) || !examples.Any(example => example.Gained))
        {
            return null;
        }

        var evaluation = GainPredictor.LeaveOneOut(examples, apart: pair => pair.Main);
        return new MeasuredPredictor(
            GainPredictor.Fit(examples),
            examples.Count,
            evaluation.Accuracy,
            evaluation.MajorityAccuracy
        );
    }

    /// <summary>The predictor as JSON.</summary>
    public string ToJson() => System.Text.Json.JsonSerializer.Serialize(this, AnalysisJson.Options);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not a predictor.</exception>
    public static MeasuredPredictor FromJson(string json)
    {
        const string What = "a predictor of gains";
        var read = AnalysisJson.Read<MeasuredPredictor>(json, What);
        var predictor = read.Predictor;
        return
            predictor?.Features is { Count: > 0 and var count }
            && predictor.Means?.Count == count
            && predictor.Scales?.Count == count
            && predictor.Coefficients?.Count == count
            ? read
            : throw new FormatException(
                $"This JSON is not {What}: features, means, scales and coefficients are as many, and one or more."
            );
    }
}
