namespace Plait.Tests.Numerics;

/// <summary>Compares rows of numbers by a tolerance, which a comparison of rounded ones has not: 0.4999 and 0.5001 may round apart.</summary>
internal static class Close
{
    /// <summary>Of worked examples that are printed in so many digits: half a unit of the last one.</summary>
    public static double Printed(int digits) => 0.5000001 * Math.Pow(10, -digits);

    /// <summary>Every number is within the tolerance of the expected one.</summary>
    public static void Equal(IEnumerable<double> expected, IEnumerable<double> actual, double tolerance) =>
        Assert.Equal(expected, actual, (left, right) => Math.Abs(left - right) <= tolerance);
}
