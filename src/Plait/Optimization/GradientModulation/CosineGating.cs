using Plait.Catalogue;
using Plait.Tasks;

namespace Plait.Optimization.GradientModulation;

/// <summary>Follows one main task, and each other one only as long as its gradient does not point against the main task's.</summary>
/// <remarks>
/// Du et al. 2018, <i>Adapting Auxiliary Losses Using Gradient Similarity</i>, section 3: the update is g_main + Σ w_a g_a, with w_a
/// the sign of cos(g_main, g_a) where it is not negative (the unweighted form), or the cosine itself (the weighted one).
/// Several auxiliary tasks are gated one by one. Since no term opposes the main task's gradient, its loss comes to rest where it
/// would without them; so a step that lacks the main task moves no shared parameter.
/// </remarks>
[Method(
    "cosine-gating",
    Survey = "3.4",
    Paper = "Du et al. 2018, Adapting Auxiliary Losses Using Gradient Similarity",
    Arxiv = "1812.02224",
    Summary = "Adds an auxiliary task's gradient only where it does not point against the main task's."
)]
[Updates(UpdateProperties.Homogeneous)]
public sealed class CosineGating : GramianAggregator
{
    private readonly MainTask main;
    private readonly bool weighted;

    /// <summary>Sets the options.</summary>
    /// <param name="main">The main task, by its name or its place in the task set, from 0; the first unless given.</param>
    /// <param name="weighted">Whether an auxiliary gradient counts as much as its cosine, or wholly; wholly when false.</param>
    /// <param name="at">Where the gradients are taken: at the parameters as in the paper, or at the shared representation.</param>
    /// <exception cref="ArgumentException">The place is negative.</exception>
    public CosineGating(
        TaskReference? main = null,
        bool weighted = false,
        GradientLocation at = GradientLocation.Parameters
    )
        : base(at)
    {
        this.main = new(main ?? 0);
        this.weighted = weighted;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There is no task at the main task's place.</exception>
    public override void Begin(int tasks) => main.Begin(tasks);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There is no such main task.</exception>
    public override void Begin(TaskSet tasks) => main.Begin(tasks);

    /// <inheritdoc/>
    protected internal override void Weigh(GramianView gramian, Span<double> weights, StepContext step)
    {
        if (gramian.Tasks.IsEmpty)
        {
            main.Begin(gramian.Count);
        }

        weights.Clear();
        var leader = main.RowIn(gramian);
        for (var i = 0; i < weights.Length && leader >= 0; i++)
        {
            var product = gramian[leader, i];
            weights[i] =
                i == leader ? 1
                : !weighted ? (product >= 0 ? 1 : 0)
                : product <= 0 ? 0
                : Math.Min(1, product / Math.Sqrt(gramian[leader, leader]) / Math.Sqrt(gramian[i, i]));
        }
    }
}
