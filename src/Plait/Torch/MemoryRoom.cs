using System.Globalization;

namespace Plait.Torch;

/// <summary>Whether there is memory for a network's numbers, asked before the first of them is allocated.</summary>
/// <remarks>
/// The system promises memory that it does not have, and ends the process that takes it at its word; so what cannot be had is
/// refused in words first.
/// </remarks>
internal static class MemoryRoom
{
    private const long BytesPerNumber = sizeof(float);

    /// <summary>Refuses numbers for which this machine, or the limit of this process, has no room.</summary>
    /// <param name="numbers">How many; those beyond a <see cref="long"/> are infinite.</param>
    /// <param name="what">What they are for, to begin the sentence: "Layers of widths 128-64".</param>
    /// <exception cref="ArgumentException">They take more memory than there is.</exception>
    public static void Require(double numbers, string what)
    {
        var (used, total) = (Environment.WorkingSet, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        if (!Fits(numbers, used, total))
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{what} hold {numbers:#,##0} numbers, which take {InGigabytes(numbers * BytesPerNumber)} GB of memory, and {InGigabytes(Math.Max(0, total - used))} GB are free; take smaller widths, or fewer."
                )
            );
        }
    }

    /// <summary>Whether so many numbers fit beside what is used.</summary>
    /// <param name="numbers">How many.</param>
    /// <param name="used">Bytes that the process has.</param>
    /// <param name="total">Bytes that it may have.</param>
    internal static bool Fits(double numbers, long used, long total) => (numbers * BytesPerNumber) + used <= total;

    private static string InGigabytes(double bytes) => (bytes / 1e9).ToString("#,##0.0", CultureInfo.InvariantCulture);
}
