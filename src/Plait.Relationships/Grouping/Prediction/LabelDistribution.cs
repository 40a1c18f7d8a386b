using System.Runtime.InteropServices;

namespace Plait.Relationships.Grouping.Prediction;

/// <summary>How a task's labels are spread: what tells, before any training, whether the task makes a good auxiliary one.</summary>
/// <remarks>
/// Martínez Alonso and Plank 2017, <i>When is multitask learning effective? Semantic sequence prediction under varying data
/// conditions</i>: auxiliary tasks with few and evenly used labels help most, which is a high entropy for the number of
/// labels and a low kurtosis of their frequencies.
/// </remarks>
/// <param name="Examples">How many labels were seen; 1 or more.</param>
/// <param name="Labels">How many different ones.</param>
/// <param name="Entropy">Of the labels' shares, in nats; from 0 to ln <paramref name="Labels"/>.</param>
/// <param name="Kurtosis">
/// Excess kurtosis of the labels' frequencies: the fourth central moment over the square of the second, less 3; 0 where all labels
/// are equally frequent. Large where a few labels take most of the examples.
/// </param>
/// <param name="LargestShare">The most frequent label's share of the examples, above 0 and at most 1.</param>
public sealed record LabelDistribution(long Examples, int Labels, double Entropy, double Kurtosis, double LargestShare)
{
    private const double ExcessOfNormal = 3;

    /// <summary>The entropy over the greatest that so many labels can have, from 0 to 1; 1 for a single label.</summary>
    public double Evenness => Labels > 1 ? Entropy / Math.Log(Labels) : 1;

    /// <summary>Different labels over labels seen: the type/token ratio, above 0 and at most 1.</summary>
    public double TypesPerToken => (double)Labels / Examples;

    /// <summary>Counts labels.</summary>
    /// <typeparam name="T">What a label is: a class index, a tag.</typeparam>
    /// <param name="labels">One for each example; missing ones left out.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static LabelDistribution OfLabels<T>(IEnumerable<T> labels)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(labels);
        var counts = new Dictionary<T, long>();
        foreach (var label in labels)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(counts, label, out _)++;
        }

        return OfCounts([.. counts.Values]);
    }

    /// <summary>Takes the numbers of a regression target as labels: the bin of equal width that each falls into.</summary>
    /// <remarks>Ours; the paper has classification only.</remarks>
    /// <param name="numbers">One for each example; NaN where it is missing.</param>
    /// <param name="bins">How many bins from the least number to the greatest, 2 or more; empty ones count for nothing.</param>
    /// <exception cref="ArgumentException">All are missing, or one is infinite.</exception>
    public static LabelDistribution OfNumbers(ReadOnlySpan<double> numbers, int bins = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        var (least, greatest) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var number in numbers)
        {
            if (double.IsInfinity(number))
            {
                throw new ArgumentException(
                    $"A label is {number}; labels are finite, or NaN where they are missing.",
                    nameof(numbers)
                );
            }

            if (!double.IsNaN(number))
            {
                (least, greatest) = (Math.Min(least, number), Math.Max(greatest, number));
            }
        }

        var counts = new long[bins];
        foreach (var number in numbers)
        {
            if (!double.IsNaN(number))
            {
                var place = greatest > least ? (number - least) / (greatest - least) : 0;
                counts[Math.Min((int)(place * bins), bins - 1)]++;
            }
        }

        return OfCounts(counts);
    }

    /// <summary>Takes how often each label comes.</summary>
    /// <param name="counts">One for each label, 0 or more; labels that never come count for nothing.</param>
    /// <exception cref="ArgumentException">One is negative, or all are 0.</exception>
    public static LabelDistribution OfCounts(ReadOnlySpan<long> counts)
    {
        long examples = 0;
        long largest = 0;
        var labels = 0;
        foreach (var count in counts)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(count, nameof(counts));
            examples += count;
            largest = Math.Max(largest, count);
            labels += count > 0 ? 1 : 0;
        }

        if (examples == 0)
        {
            throw new ArgumentException("The target has no label at all; leave the task out.", nameof(counts));
        }

        var mean = (double)examples / labels;
        var (entropy, second, fourth) = (0.0, 0.0, 0.0);
        foreach (var count in counts)
        {
            if (count > 0)
            {
                var share = (double)count / examples;
                var square = (count - mean) * (count - mean);
                entropy -= share * Math.Log(share);
                second += square / labels;
                fourth += square * square / labels;
            }
        }

        return new LabelDistribution(
            examples,
            labels,
            Math.Max(entropy, 0),
            second > 0 ? (fourth / (second * second)) - ExcessOfNormal : 0,
            (double)largest / examples
        );
    }
}
