using Plait.Catalogue;

namespace Plait.Relationships.Grouping.Linear;

/// <summary>Groups tasks by the latent tasks that their linear models are made of; groups may overlap.</summary>
/// <remarks>
/// <see cref="GoMtl"/> with one strength for both penalties: a latent task may grow while its codes shrink, so that of the two only
/// sparsity² ridge matters. What a latent task makes up of a task is its share of the lengths |s_k| |L_k|.
/// </remarks>
[Method(
    "go-mtl",
    Survey = "4.1",
    Paper = "Kumar and Daumé 2012, Learning Task Grouping and Overlap in Multi-Task Learning",
    Arxiv = "1206.6417",
    Summary = "Groups tasks by the latent tasks that sparse linear models of them share."
)]
public sealed class GoMtlGrouping : LinearGrouping
{
    private readonly double share;

    /// <summary>Sets the options.</summary>
    /// <param name="strength">Of both penalties, above 0; null for that with the least loss on the validation rows.</param>
    /// <param name="share">What a latent task makes up, at least, of a task that is trained in its group; above 0, at most 1.</param>
    /// <param name="rows">The most rows of a part that are looked at, the first ones; 2 or more.</param>
    public GoMtlGrouping(double? strength = null, double share = 0.25, int rows = 10_000)
        : base(strength, rows)
    {
        if (!(share is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "The share is above 0 and at most 1.");
        }

        this.share = share;
    }

    private protected override LinearFit Fit(IReadOnlyList<LinearTaskData> tasks, int groups, double strength)
    {
        var model = GoMtl.Fit(tasks, groups, strength, strength, mostRounds: 200, tolerance: 1e-5);
        return new LinearFit(
            model.Models,
            [.. Enumerable.Range(0, tasks.Count).Select(task => model.Shares(task))],
            share
        )
        {
            TellsSimilarity =
                Enumerable.Range(0, tasks.Count).SelectMany(task => Used(model, task)).Distinct().Count() != 1,
        };
    }

    /// <summary>The latent tasks that a task has a part in.</summary>
    private static IEnumerable<int> Used(GoMtlModel model, int task) =>
        model.Shares(task).Index().Where(part => part.Item > 0).Select(part => part.Index);
}
