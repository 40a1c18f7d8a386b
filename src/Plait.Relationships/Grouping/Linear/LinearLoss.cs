namespace Plait.Relationships.Grouping.Linear;

/// <summary>What a linear model is judged by, averaged over a task's rows.</summary>
public enum LinearLoss
{
    /// <summary>(y - z)²; for numbers.</summary>
    Squared,

    /// <summary>ln(1 + exp(z)) - y z; for targets of 0 and 1.</summary>
    Logistic,
}
