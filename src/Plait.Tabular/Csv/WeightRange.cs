namespace Plait.Tabular.Csv;

/// <summary>Which numbers are weights of rows and classes: those whose products and sums single precision holds.</summary>
internal static class WeightRange
{
    /// <summary>The range in words.</summary>
    public const string Words = "0, or from 1e-12 to 1e12 (the unit does not matter: divide all by their mean)";

    private const double Least = 1e-12;
    private const double Most = 1e12;

    /// <summary>Whether a number is a weight.</summary>
    public static bool Holds(double weight) => weight is 0 or (>= Least and <= Most);
}
