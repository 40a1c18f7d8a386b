using Plait.Catalogue;
using Plait.Numerics;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization.MultiObjective;

/// <summary>Lets the tasks bargain over the update: the one that maximises the product of what each of them gains.</summary>
/// <remarks>
/// <para>Navon et al. 2022, <i>Multi-Task Learning as a Bargaining Game</i>, claim 3.1: with K the Gramian the weights solve
/// Kα = 1/α, which is where α'Kα/2 - Σ log α is least: a smooth convex problem with one solution, found to rounding by Newton's
/// method (<see cref="FairAllocation"/>) in place of the paper's sequence of convex approximations. The squared length of the
/// update is the number of tasks, and scaling one task's loss changes nothing. A preference p makes it the asymmetric
/// bargaining of Kalai 1977, Kα = p/α, with p of mean 1.</para>
/// <para>At a Pareto-stationary point (a convex combination of the gradients is zero, up to rounding) there is nothing to gain:
/// all weights are 0. A task whose gradient is zero cannot gain, takes no part and has the weight 0. The authors' code divides the
/// Gramian by its Frobenius norm first, which makes its weights, and with them its update, longer by the root of that norm, and
/// clips the update to length 1: <c>max-norm=1</c>.</para>
/// </remarks>
[Method(
    "nash-mtl",
    Survey = "3.6",
    Paper = "Navon et al. 2022, Multi-Task Learning as a Bargaining Game",
    Arxiv = "2202.01017",
    Summary = "Takes the Nash bargaining solution: the update with the largest product of the tasks' gains."
)]
[Updates(UpdateProperties.NonConflicting | UpdateProperties.Symmetric | UpdateProperties.ScaleInvariant)]
public sealed class NashMtl : GramianAggregator
{
    private readonly double? maxNorm;
    private readonly int updateInterval;
    private readonly HeadWeights heads;
    private readonly Preference preference;
    private double[] kept = []; // by place in the task set; NaN before a task's first bargain
    private long age; // steps since they were found

    /// <summary>Sets the options.</summary>
    /// <param name="at">Where the gradients are taken: at the parameters as in the paper, or at the shared representation.</param>
    /// <param name="maxNorm">The length, above 0, that an update is cut to; null never cuts. 1 in the authors' code.</param>
    /// <param name="updateInterval">The weights are found anew every so many steps, 1 or more; each step between costs one backward pass.</param>
    /// <param name="heads">Whether a task's own parameters follow its loss, or its loss times its weight as in the authors' code.</param>
    /// <param name="preference">Bargaining powers, one number of 0 or more for each task; only their ratios count.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public NashMtl(
        GradientLocation at = GradientLocation.Parameters,
        double? maxNorm = null,
        int updateInterval = 1,
        HeadWeights heads = HeadWeights.Own,
        double[]? preference = null
    )
        : base(at)
    {
        if (maxNorm is not null and not (> 0 and < double.PositiveInfinity))
        {
            throw new ArgumentException($"max-norm is a number above 0; got {maxNorm}.");
        }

        if (updateInterval < 1)
        {
            throw new ArgumentException($"update-interval is a whole number from 1; got {updateInterval}.");
        }

        this.maxNorm = maxNorm;
        this.updateInterval = updateInterval;
        this.heads = heads;
        this.preference = new Preference(preference);
    }

    /// <inheritdoc/>
    public override bool WeighsPrivateParameters => heads == HeadWeights.Weighted;

    /// <inheritdoc/>
    public override void Begin(int tasks)
    {
        preference.Require(tasks);
        kept = [];
        age = 0;
    }

    /// <inheritdoc/>
    public override Tensor Aggregate(TaskGradients gradients, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        var places = gradients.Tasks.Indices;
        var update = age < updateInterval && HasAll(places) ? Reuse(gradients) : Bargain(gradients, step);
        age++;
        if (WeighsPrivateParameters)
        {
            gradients.ScalePrivate(KeptOf(places));
        }

        return update;
    }

    /// <inheritdoc/>
    public override double Residual(GramianView gramian, ReadOnlySpan<double> weights)
    {
        var powers = Powers(gramian);
        var length = 1.0;
        if (maxNorm is not null && weights.ContainsAnyExcept(0.0))
        {
            var whole = 0.0;
            for (var i = 0; i < gramian.Count; i++)
            {
                whole += gramian[i, i] > 0 ? powers[i] : 0;
            }

            length = Math.Min(1, Length(gramian, weights) / Math.Sqrt(whole));
        }

        double[] uncut = [.. weights];
        for (var i = 0; i < uncut.Length; i++)
        {
            uncut[i] /= length;
        }

        return FairAllocation.Residual(gramian.Values, uncut, alpha: 1, powers);
    }

    /// <inheritdoc/>
    public override void Save(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Set("weights", kept);
        state.Set("age", [age]);
    }

    /// <inheritdoc/>
    public override void Load(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        kept = state.Numbers("weights");
        age = state.Integers("age")[0];
    }

    /// <inheritdoc/>
    protected internal override void Weigh(GramianView gramian, Span<double> weights, StepContext step)
    {
        FairAllocation.Solve(
            gramian.Values,
            weights,
            alpha: 1,
            preference.IsGiven ? Powers(gramian) : default,
            gramian.Rounding
        );
        Keep(gramian.Tasks, weights);
        var length = maxNorm is null ? 0 : Length(gramian, weights);
        for (var i = 0; i < weights.Length && length > maxNorm; i++)
        {
            weights[i] *= maxNorm.Value / length;
        }
    }

    /// <summary>The preference's shares times the number of tasks, whose mean is 1.</summary>
    private double[] Powers(GramianView gramian)
    {
        if (gramian.Tasks.IsEmpty)
        {
            preference.Require(gramian.Count);
        }

        var powers = new double[gramian.Count];
        preference.Fill(gramian.Tasks, powers);
        for (var i = 0; i < powers.Length; i++)
        {
            powers[i] *= powers.Length;
        }

        return powers;
    }

    private Tensor Bargain(TaskGradients gradients, StepContext step)
    {
        var weights = new double[gradients.Count];
        Weigh(gradients.Gramian(Location), weights, step);
        return gradients.Combine(weights);
    }

    private Tensor Reuse(TaskGradients gradients)
    {
        var update = gradients.Combine(KeptOf(gradients.Tasks.Indices));
        if (maxNorm is { } most)
        {
            using var scope = torch.NewDisposeScope();
            var length = Numbers.Read(update.norm())[0];
            if (length > most)
            {
                update.mul_(most / length);
            }
        }

        return update;
    }

    private void Keep(ReadOnlySpan<int> places, ReadOnlySpan<double> weights)
    {
        age = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            var place = places.IsEmpty ? i : places[i];
            if (place >= kept.Length)
            {
                var known = kept.Length;
                Array.Resize(ref kept, place + 1);
                kept.AsSpan(known).Fill(double.NaN);
            }

            kept[place] = weights[i];
        }
    }

    private bool HasAll(ReadOnlySpan<int> places)
    {
        foreach (var place in places)
        {
            if (place >= kept.Length || double.IsNaN(kept[place]))
            {
                return false;
            }
        }

        return true;
    }

    private double[] KeptOf(ReadOnlySpan<int> places)
    {
        var weights = new double[places.Length];
        for (var i = 0; i < places.Length; i++)
        {
            weights[i] = kept[places[i]];
        }

        return weights;
    }

    private static double Length(GramianView gramian, ReadOnlySpan<double> weights)
    {
        var square = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            square += weights[i] * Vectors.Dot(gramian.Row(i), weights);
        }

        return Math.Sqrt(Math.Max(0, square));
    }
}

/// <summary>What a task's own parameters descend when the shared ones follow weighted gradients.</summary>
public enum HeadWeights
{
    /// <summary>The task's loss.</summary>
    Own,

    /// <summary>The task's loss times its weight.</summary>
    Weighted,
}
