using Plait.Catalogue;
using Plait.Numerics;
using Plait.Tasks;

namespace Plait.Optimization.GradientModulation;

/// <summary>Takes one task's gradient, changed as little as is needed for no other task to get worse.</summary>
/// <remarks>
/// Lopez-Paz and Ranzato 2017, <i>Gradient episodic memory for continual learning</i>, equations 8 to 11: the projection of the main
/// task's gradient g onto the updates that do not conflict with a reference is g + G'v, where v minimises its squared norm over
/// v of 0 and more. The references are the other tasks' gradients. In a step without the main task there is nothing to project.
/// </remarks>
[Method(
    "gem",
    Survey = "3.4",
    Paper = "Lopez-Paz and Ranzato 2017, Gradient Episodic Memory for Continual Learning",
    Arxiv = "1706.08840",
    Summary = "Takes the main task's gradient, changed as little as is needed for no other task to get worse."
)]
[Updates(
    UpdateProperties.NonConflicting
        | UpdateProperties.Homogeneous
        | UpdateProperties.ScaleInvariant
        | UpdateProperties.IdentityForOne
)]
public sealed class Gem : GramianAggregator
{
    private readonly MainTask main;
    private readonly double margin;

    /// <summary>Sets the options.</summary>
    /// <param name="main">The main task, by its name or its place in the task set, from 0; the last of each step unless given.</param>
    /// <param name="margin">
    /// The paper's gamma, 0 or more: added to each reference's weight where there is a conflict, which favours the other tasks; its
    /// experiments use 0.5.
    /// </param>
    /// <param name="at">Where the gradients are taken: at the parameters as in the paper, or at the shared representation.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public Gem(TaskReference? main = null, double margin = 0, GradientLocation at = GradientLocation.Parameters)
        : base(at)
    {
        if (!double.IsFinite(margin) || margin < 0)
        {
            throw new ArgumentException($"The margin is a finite number of 0 or more; got {margin}.", nameof(margin));
        }

        this.main = new(main);
        this.margin = margin;
    }

    /// <inheritdoc/>
    public override void Begin(int tasks) => main.Begin(tasks);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There is no such main task.</exception>
    public override void Begin(TaskSet tasks) => main.Begin(tasks);

    /// <inheritdoc/>
    protected internal override void Weigh(GramianView gramian, Span<double> weights, StepContext step)
    {
        var count = gramian.Count;
        var row = main.RowIn(gramian);
        Span<double> alone = count <= 64 ? stackalloc double[count] : new double[count];
        alone.Clear();
        weights.Clear();
        if (row < 0)
        {
            return;
        }

        alone[row] = 1;
        ConeProjection.SolveEach(gramian.Values, alone, weights);
        for (var i = 0; i < count && HasConflict(gramian, row); i++)
        {
            weights[i] += i == row ? 0 : margin;
        }
    }

    /// <inheritdoc/>
    public override double Residual(GramianView gramian, ReadOnlySpan<double> weights)
    {
        var row = main.RowIn(gramian);
        var alone = new double[gramian.Count];
        if (row < 0)
        {
            return ConeProjection.Residual(gramian.Values, alone, weights);
        }

        alone[row] = 1;
        var projection = weights.ToArray();
        for (var i = 0; i < alone.Length && HasConflict(gramian, row); i++)
        {
            projection[i] -= i == row ? 0 : margin;
        }

        return ConeProjection.Residual(gramian.Values, alone, projection, without: row);
    }

    private static bool HasConflict(GramianView gramian, int row) =>
        gramian.Row(row).IndexOfAnyExceptInRange(0, double.PositiveInfinity) >= 0;
}
