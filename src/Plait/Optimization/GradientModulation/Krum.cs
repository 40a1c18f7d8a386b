using Plait.Catalogue;
using Plait.Tasks;

namespace Plait.Optimization.GradientModulation;

/// <summary>Averages the task gradients that lie closest to their neighbours, and drops the others.</summary>
/// <remarks>
/// Blanchard et al. 2017, <i>Machine Learning with Adversaries: Byzantine Tolerant Gradient Descent</i>, section 4: the score of a
/// gradient is the sum of its squared distances to the T - f - 2 nearest others, f of which may be anything; the m with the
/// lowest scores are averaged (Multi-Krum; m = 1 is Krum). Distances follow from the Gramian. Of equal scores the first task wins.
/// In a step of fewer tasks, one neighbour at least is looked at, and as many as there are are averaged.
/// </remarks>
[Method(
    "krum",
    Survey = "3.4",
    Paper = "Blanchard et al. 2017, Machine Learning with Adversaries: Byzantine Tolerant Gradient Descent",
    Arxiv = "1703.02757",
    Summary = "Averages the task gradients closest to their neighbours: robust against a few that are far off."
)]
[Updates(UpdateProperties.Homogeneous | UpdateProperties.IdentityForOne)]
public sealed class Krum : GramianAggregator
{
    private readonly int byzantine;
    private readonly int selected;

    /// <summary>Sets the options.</summary>
    /// <param name="at">Where the gradients are taken: at the parameters, or at the shared representation.</param>
    /// <param name="byzantine">f: how many gradients may be far off, 0 or more.</param>
    /// <param name="selected">m: how many gradients are averaged, 1 or more.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public Krum(GradientLocation at = GradientLocation.Parameters, int byzantine = 0, int selected = 1)
        : base(at)
    {
        if (byzantine < 0)
        {
            throw new ArgumentException($"byzantine is a whole number from 0; got {byzantine}.");
        }

        if (selected < 1)
        {
            throw new ArgumentException($"selected is a whole number from 1; got {selected}.");
        }

        this.byzantine = byzantine;
        this.selected = selected;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There are fewer than byzantine + 3 tasks, or fewer than are selected.</exception>
    public override void Begin(int tasks) => RequireTasks(tasks);

    private void RequireTasks(int tasks)
    {
        var least = Math.Max(byzantine + 3, selected);
        if (tasks < least)
        {
            throw new ArgumentException(
                $"krum:byzantine={byzantine},selected={selected} needs {least} tasks or more; got {tasks}."
            );
        }
    }

    /// <inheritdoc/>
    protected internal override void Weigh(GramianView gramian, Span<double> weights, StepContext step)
    {
        var count = gramian.Count;
        if (gramian.Tasks.IsEmpty)
        {
            RequireTasks(count); // a Gramian alone names no tasks: these are all
        }

        var taking = Math.Min(selected, count);
        var nearest = Math.Max(1, count - byzantine - 2);
        Span<double> distances = count <= 64 ? stackalloc double[count] : new double[count];
        Span<double> scores = count <= 64 ? stackalloc double[count] : new double[count];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                distances[j] =
                    i == j ? 0 : Math.Max(0, gramian[i, i] - gramian[i, j] + (gramian[j, j] - gramian[i, j]));
            }

            distances.Sort(); // the first is the distance to itself
            scores[i] = 0;
            foreach (var distance in distances[1..Math.Min(count, 1 + nearest)])
            {
                scores[i] += distance;
            }
        }

        weights.Clear();
        for (var taken = 0; taken < taking; taken++)
        {
            var best = -1;
            for (var i = 0; i < count; i++)
            {
                best = weights[i] == 0 && (best < 0 || scores[i] < scores[best]) ? i : best;
            }

            weights[best] = 1.0 / taking;
        }
    }
}
