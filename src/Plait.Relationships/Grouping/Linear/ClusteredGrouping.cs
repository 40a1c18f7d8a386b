using Plait.Catalogue;

namespace Plait.Relationships.Grouping.Linear;

/// <summary>Groups tasks whose linear models share a subspace of few dimensions; each task is in one group.</summary>
/// <remarks><see cref="ClusteredMtl"/>, with the strength chosen on the validation rows.</remarks>
[Method(
    "clustered",
    Survey = "4.1",
    Paper = "Kang et al. 2011, Learning with Whom to Share in Multi-task Feature Learning",
    Summary = "Groups tasks whose linear models share a subspace of few dimensions."
)]
public sealed class ClusteredGrouping : LinearGrouping
{
    private readonly int starts;
    private readonly long seed;

    /// <summary>Sets the options.</summary>
    /// <param name="strength">Of the penalty, above 0; null for that with the least loss on the validation rows.</param>
    /// <param name="starts">From how many random groupings to start; 1 or more.</param>
    /// <param name="seed">Of the random groupings.</param>
    /// <param name="rows">The most rows of a part that are looked at, the first ones; 2 or more.</param>
    public ClusteredGrouping(double? strength = null, int starts = 5, long seed = 0, int rows = 10_000)
        : base(strength, rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(starts, 1);
        (this.starts, this.seed) = (starts, seed);
    }

    private protected override LinearFit Fit(IReadOnlyList<LinearTaskData> tasks, int groups, double strength)
    {
        var model = ClusteredMtl.Fit(tasks, groups, strength, starts: starts, seed: seed);
        return new LinearFit(
            model.Models,
            [
                .. model.Groups.Select(own =>
                    Enumerable.Range(0, groups).Select(group => group == own ? 1.0 : 0).ToArray()
                ),
            ],
            1
        );
    }
}
