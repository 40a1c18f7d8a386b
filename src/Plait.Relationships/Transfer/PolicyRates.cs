namespace Plait.Relationships.Transfer;

/// <summary>How often the networks of a policy win, on held-out samples.</summary>
/// <remarks>
/// Zamir et al. 2018, <i>Taskonomy</i>, section 4.2. Against networks trained from scratch on as little data as the transfers
/// this is the gain of a policy; against networks trained on all labels of each target it is its quality.
/// </remarks>
/// <param name="Mean">The mean over the targets that the table knows, from 0 to 1; NaN where it knows none.</param>
/// <param name="Targets">The rate of each target, by name.</param>
/// <param name="Missing">The targets that the policy leaves unserved, or whose transfer the table does not have.</param>
public sealed record PolicyRates(
    double Mean,
    IReadOnlyDictionary<string, double> Targets,
    IReadOnlyList<string> Missing
)
{
    /// <summary>Looks the transfers of a policy up.</summary>
    /// <param name="policy">A policy of any table.</param>
    /// <param name="wins">Rates of wins of the same transfers.</param>
    public static PolicyRates Of(TransferPolicy policy, TransferTable wins)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(wins);
        var rates = new Dictionary<string, double>(StringComparer.Ordinal);
        var missing = policy.Unserved.ToList();
        foreach (var (target, transfer) in policy.Transfers)
        {
            if (wins.Value(target, transfer.Sources) is { } rate)
            {
                rates.Add(target, rate);
            }
            else
            {
                missing.Add(target);
            }
        }

        return new PolicyRates(rates.Count > 0 ? rates.Values.Average() : double.NaN, rates, missing);
    }
}
