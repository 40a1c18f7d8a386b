namespace Plait.Jobs.Runs;

/// <summary>The rows that a measurement was made on.</summary>
public enum DataSplit
{
    /// <summary>The rows that the network learns from.</summary>
    Train,

    /// <summary>The rows that choose the epoch.</summary>
    Validation,

    /// <summary>The rows that judge the result.</summary>
    Test,
}
