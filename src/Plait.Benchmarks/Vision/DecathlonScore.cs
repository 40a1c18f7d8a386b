namespace Plait.Benchmarks.Vision;

/// <summary>The score of the Visual Domain Decathlon, which rewards being good at all ten data sets.</summary>
/// <remarks>
/// Rebuffi, Bilen, Vedaldi 2017, <i>Learning multiple visual domains with residual adapters</i>, section 4: the sum over the sets of
/// α max(0, E - e)², where e is the error on the test part, E twice the error of a fine-tuned network, and α = 1000 / E². No
/// error at all gives 10,000; the fine-tuned networks 2,500. Their errors: table 1, row "finetune".
/// </remarks>
public static class DecathlonScore
{
    private const double Perfect = 1000; // a set
    private const double Exponent = 2;

    private static readonly OrderedDictionary<string, double> FineTunedAccuracies = new()
    {
        ["imagenet12"] = 0.5987,
        ["aircraft"] = 0.6034,
        ["cifar100"] = 0.8212,
        ["daimlerpedcls"] = 0.9282,
        ["dtd"] = 0.5553,
        ["gtsrb"] = 0.9753,
        ["omniglot"] = 0.8769,
        ["svhn"] = 0.9655,
        ["ucf101"] = 0.5120,
        ["vgg-flowers"] = 0.8141,
    };

    /// <summary>The names of the ten data sets.</summary>
    public static IReadOnlyList<string> DataSets { get; } = [.. FineTunedAccuracies.Keys];

    /// <summary>The error from which a data set gives no points.</summary>
    /// <exception cref="ArgumentException">There is no such data set.</exception>
    public static double LargestError(string dataSet) =>
        FineTunedAccuracies.TryGetValue(dataSet, out var accuracy)
            ? 2 * (1 - accuracy)
            : throw new ArgumentException(
                $"There is no data set '{dataSet}' in the decathlon; choose from {string.Join(", ", DataSets)}.",
                nameof(dataSet)
            );

    /// <summary>The points of one data set.</summary>
    /// <param name="dataSet">One of <see cref="DataSets"/>.</param>
    /// <param name="error">The share of wrong answers, from 0 to 1.</param>
    /// <returns>From 0 to 1,000.</returns>
    /// <exception cref="ArgumentException">There is no such data set, or the error is no share.</exception>
    public static double PointsOf(string dataSet, double error)
    {
        var largest = LargestError(dataSet);
        return error is >= 0 and <= 1
            ? Perfect * Math.Pow(Math.Max(0, largest - error) / largest, Exponent)
            : throw new ArgumentException(
                $"An error is a share from 0 to 1; got {error} for {dataSet}.",
                nameof(error)
            );
    }

    /// <summary>The score.</summary>
    /// <param name="errors">For each of <see cref="DataSets"/> the share of wrong answers on its test part, from 0 to 1.</param>
    /// <returns>From 0 to 10,000.</returns>
    /// <exception cref="ArgumentException">A data set is missing or unknown, or an error is no share.</exception>
    public static double Of(IReadOnlyDictionary<string, double> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        return DataSets.FirstOrDefault(set => !errors.ContainsKey(set)) is { } missing
            ? throw new ArgumentException(
                $"The score needs the error of all ten data sets; {missing} is missing.",
                nameof(errors)
            )
            : errors.Sum(pair => PointsOf(pair.Key, pair.Value));
    }
}
