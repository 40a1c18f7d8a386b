using Plait.Catalogue;
using Plait.Networks;
using Plait.Tasks;

namespace Plait.Optimization.MultiObjective;

/// <summary>Goes to the Pareto-optimal point where preference times loss is the same for every task.</summary>
/// <remarks>
/// <para>Mahapatra and Rajan 2020, <i>Multi-Task Learning with User Preferences: Gradient Descent with Controlled Ascent in Pareto
/// Optimization</i>, algorithm 1. While the losses are off the ray, weights on the simplex bring them towards it as fast as
/// first-order theory allows, letting losses that are not the worst rise (balance); on the ray they descend together (dominance). Each
/// is a small linear program in the Gramian.</para>
/// <para>The losses have to be 0 or more. The weights are T times a point of the simplex, and count for the tasks' private parameters as well.
/// Where the program of dominance has no point, the paper's relaxed one is solved, and where rounding leaves that none, the
/// shortest convex combination is taken, which meets its constraints. The Gramian is that of the shared parameters, while the
/// paper's is of all of them.</para>
/// </remarks>
[Method(
    "epo",
    Survey = "3.6",
    Paper = "Mahapatra and Rajan 2020, Multi-Task Learning with User Preferences: Gradient Descent with Controlled Ascent in Pareto Optimization",
    Arxiv = "2108.00597",
    Summary = "Exact Pareto optimal search: equal preference times loss for every task, on the Pareto front."
)]
[Updates(UpdateProperties.Symmetric | UpdateProperties.Homogeneous | UpdateProperties.IdentityForOne)]
public sealed class Epo : GramianAggregator
{
    private const int OnStack = 16;

    private readonly Preference preference;
    private readonly double tolerance;
    private readonly bool relaxed;

    /// <summary>Sets the options.</summary>
    /// <param name="preference">One number above 0 for each task; only their ratios count. Null follows a network that has a preference, else equal ones.</param>
    /// <param name="tolerance">The non-uniformity of preference times loss, a relative entropy without unit, up to which losses count as on the ray; 0 or more.</param>
    /// <param name="relaxed">Whether dominance may leave the ray again.</param>
    /// <param name="at">Where the gradients are taken.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public Epo(
        double[]? preference = null,
        double tolerance = 1e-4,
        bool relaxed = false,
        GradientLocation at = GradientLocation.Parameters
    )
        : base(at)
    {
        this.preference = new Preference(preference);
        if (preference?.Contains(0) == true)
        {
            throw new ArgumentException(
                $"EPO balances preference times loss, so every preference is above 0; got {string.Join("/", preference)}.",
                nameof(preference)
            );
        }

        if (!(tolerance >= 0 && double.IsFinite(tolerance)))
        {
            throw new ArgumentException($"The tolerance is a number of 0 or more; got {tolerance}.", nameof(tolerance));
        }

        this.tolerance = tolerance;
        this.relaxed = relaxed;
    }

    /// <inheritdoc/>
    public override void Begin(int tasks) => preference.Require(tasks);

    /// <inheritdoc/>
    public override void Begin(MultiTaskNetwork network) => preference.Begin(network);

    /// <inheritdoc/>
    public override bool WeighsPrivateParameters => true;

    /// <inheritdoc/>
    protected internal override void Weigh(GramianView gramian, Span<double> weights, StepContext step)
    {
        var count = gramian.Count;
        var size = EpoProgram.WorkSize(count);
        var work = count <= OnStack ? stackalloc double[size] : new double[size];
        Program(gramian, work, count <= OnStack ? stackalloc int[count] : new int[count]).Solve(weights);
        var sum = 0.0;
        foreach (var weight in weights)
        {
            sum += weight;
        }

        for (var i = 0; i < count; i++)
        {
            weights[i] *= count / sum;
        }
    }

    /// <inheritdoc/>
    /// <remarks>The larger of the violation of the program's constraints and of what its objective misses of its maximum.</remarks>
    public override double Residual(GramianView gramian, ReadOnlySpan<double> weights)
    {
        var count = gramian.Count;
        var work = new double[EpoProgram.WorkSize(count)];
        var shares = new double[count];
        for (var i = 0; i < count; i++)
        {
            shares[i] = weights[i] / count;
        }

        return Program(gramian, work, new int[count]).Residual(shares);
    }

    private EpoProgram Program(GramianView gramian, Span<double> work, Span<int> order)
    {
        var count = gramian.Count;
        if (gramian.Losses.Length != count)
        {
            throw new ArgumentException($"EPO needs {count} losses with the Gramian; got {gramian.Losses.Length}.");
        }

        Span<double> shares = count <= OnStack ? stackalloc double[count] : new double[count];
        preference.Fill(gramian.Tasks, shares);
        return new EpoProgram(gramian, shares, work, order, tolerance, relaxed);
    }
}
