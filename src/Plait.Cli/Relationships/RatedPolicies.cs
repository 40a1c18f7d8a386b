using Plait.Relationships.Transfer;

namespace Plait.Cli.Relationships;

/// <summary>How often the networks of a policy win, beside random policies within the same budget.</summary>
/// <param name="Gain">Over networks from scratch; null where no table was given.</param>
/// <param name="Quality">Over networks with all labels; null where no table was given.</param>
/// <param name="Random">Means over the random policies.</param>
internal sealed record RatedPolicies(PolicyRates? Gain, PolicyRates? Quality, RandomMeans Random)
{
    public static RatedPolicies Of(
        TransferPolicy policy,
        IReadOnlyList<TransferPolicy> random,
        TransferTable? gain,
        TransferTable? quality
    ) =>
        new(
            gain is null ? null : PolicyRates.Of(policy, gain),
            quality is null ? null : PolicyRates.Of(policy, quality),
            new RandomMeans(
                random.Count,
                random.Average(one => one.Total),
                random.Max(one => one.Total),
                Mean(random, gain),
                Mean(random, quality)
            )
        );

    private static double? Mean(IReadOnlyList<TransferPolicy> policies, TransferTable? wins)
    {
        if (wins is null)
        {
            return null;
        }

        double[] rates = [.. policies.Select(policy => PolicyRates.Of(policy, wins).Mean).Where(double.IsFinite)];
        return rates.Length > 0 ? rates.Average() : null;
    }
}

/// <summary>Random policies, taken together.</summary>
/// <param name="Policies">How many were drawn.</param>
/// <param name="Total">Their mean total.</param>
/// <param name="BestTotal">The greatest of their totals.</param>
/// <param name="Gain">Their mean gain.</param>
/// <param name="Quality">Their mean quality.</param>
internal sealed record RandomMeans(int Policies, double Total, double BestTotal, double? Gain, double? Quality);
