namespace Plait.Tabular;

/// <summary>What a target column holds.</summary>
public enum TargetKind
{
    /// <summary>Numbers.</summary>
    Regression,

    /// <summary>One of two values.</summary>
    Binary,

    /// <summary>One of several values.</summary>
    Classification,
}
