using Plait.Catalogue;
using Plait.Tasks;

namespace Plait.Optimization.GradientModulation;

/// <summary>Takes one task's gradient, projected off the mean gradient of the other tasks where the two conflict.</summary>
/// <remarks>
/// Chaudhry et al. 2019, <i>Efficient lifelong learning with A-GEM</i>, equation 11. The reference is the mean of the other tasks'
/// gradients. In a step without the main task there is nothing to project.
/// </remarks>
[Method(
    "a-gem",
    Survey = "3.4",
    Paper = "Chaudhry et al. 2019, Efficient Lifelong Learning with A-GEM",
    Arxiv = "1812.00420",
    Summary = "Takes the main task's gradient, projected off the others' mean gradient where the two conflict."
)]
[Updates(UpdateProperties.Homogeneous | UpdateProperties.IdentityForOne)]
public sealed class AGem : GramianAggregator
{
    private const double Rounding = 2.220446049250313e-16; // the distance of 1 to the next double

    private readonly MainTask main;

    /// <summary>Sets the options.</summary>
    /// <param name="main">The main task, by its name or its place in the task set, from 0; the last of each step unless given.</param>
    /// <param name="at">Where the gradients are taken: at the parameters as in the paper, or at the shared representation.</param>
    /// <exception cref="ArgumentException">The place is negative.</exception>
    public AGem(TaskReference? main = null, GradientLocation at = GradientLocation.Parameters)
        : base(at) => this.main = new(main);

    /// <inheritdoc/>
    public override void Begin(int tasks) => main.Begin(tasks);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There is no such main task.</exception>
    public override void Begin(TaskSet tasks) => main.Begin(tasks);

    /// <inheritdoc/>
    protected internal override void Weigh(GramianView gramian, Span<double> weights, StepContext step)
    {
        weights.Clear();
        var row = main.RowIn(gramian);
        if (row < 0)
        {
            return;
        }

        var (product, square, _) = Reference(gramian, row);
        if (product < 0 && square > 0)
        {
            weights.Fill(-product / square);
        }

        weights[row] = 1;
    }

    /// <inheritdoc/>
    /// <remarks>The reference's part in the update, relative to that in the main task's gradient where it was negative and to be removed.</remarks>
    public override double Residual(GramianView gramian, ReadOnlySpan<double> weights)
    {
        var row = main.RowIn(gramian);
        var (share, apart, size) = (0.0, 0.0, 0.0);
        for (var i = 0; i < weights.Length; i++)
        {
            var norm = Math.Sqrt(gramian[i, i]);
            share = i == row ? share : weights[i];
            size += Math.Abs(weights[i]) * norm;
            apart = Math.Max(apart, Math.Abs(weights[i] - (i == row ? 1 : share)) * norm);
        }

        if (size == 0 || row < 0)
        {
            return apart;
        }

        var (product, square, length) = Reference(gramian, row);
        if (square > 0)
        {
            var left = product < 0 ? product + (share * square) : share * square;
            apart = Math.Max(apart, Math.Abs(left) / length);
        }

        return apart / size;
    }

    /// <summary>The sum of the other gradients: its product with the main one, its squared norm (0 where it is but rounding), and the sum of their norms.</summary>
    private static (double Product, double Square, double Length) Reference(GramianView gramian, int row)
    {
        var (product, square, length) = (0.0, 0.0, 0.0);
        for (var i = 0; i < gramian.Count; i++)
        {
            if (i == row)
            {
                continue;
            }

            product += gramian[row, i];
            length += Math.Sqrt(gramian[i, i]);
            for (var j = 0; j < gramian.Count; j++)
            {
                square += j == row ? 0 : gramian[i, j];
            }
        }

        return (product, square > gramian.Count * Rounding * length * length ? square : 0, length);
    }
}
