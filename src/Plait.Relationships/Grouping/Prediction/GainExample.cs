namespace Plait.Relationships.Grouping.Prediction;

/// <summary>A pair of tasks that was trained together once, and what came of it.</summary>
/// <param name="Features">What was known before.</param>
/// <param name="Gain">How much better the main task became than alone, in any unit; above 0 is a gain.</param>
public sealed record GainExample(GainFeatures Features, double Gain)
{
    /// <summary>Whether the main task gained.</summary>
    public bool Gained => Gain > 0;
}
