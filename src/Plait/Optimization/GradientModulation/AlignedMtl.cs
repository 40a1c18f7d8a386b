using System.Buffers;
using Plait.Catalogue;
using Plait.Numerics;
using Plait.Tasks;

namespace Plait.Optimization.GradientModulation;

/// <summary>Replaces the task gradients by the nearest ones that are orthogonal and of equal length, then adds them up.</summary>
/// <remarks>
/// <para>Senushkin et al. 2023, <i>Independent Component Alignment for Multi-Task Learning</i>, algorithm 1. With the Gramian's
/// eigenvalues λ and eigenvectors V the aligned gradients are the rows of BG, B = σ V λ^(-1/2) V', whose singular values
/// are all σ: the smallest one of the gradients, or another of <see cref="AlignedScale"/>. With the preference p the weights are Bp.
/// At the representation this is the paper's Aligned-MTL-UB.</para>
/// <para>Directions that the gradients do not span are left out. What they span is decided for gradients at unit length, so a task with
/// short gradients counts, and in the default mode makes the update short.</para>
/// </remarks>
[Method(
    "aligned-mtl",
    Survey = "3.4",
    Paper = "Senushkin et al. 2023, Independent Component Alignment for Multi-Task Learning",
    Arxiv = "2305.19000",
    Summary = "Aligns the principal components of the task gradients, so that none dominates and none conflicts."
)]
[Updates(UpdateProperties.Symmetric | UpdateProperties.Homogeneous | UpdateProperties.IdentityForOne)]
public sealed class AlignedMtl : GramianAggregator
{
    private readonly AlignedScale scale;
    private readonly Preference preference;

    /// <summary>Sets the options.</summary>
    /// <param name="at">Where the gradients are taken; at the representation the method is Aligned-MTL-UB.</param>
    /// <param name="scale">What the singular values of the aligned gradients are.</param>
    /// <param name="preference">The weights of the aligned gradients, one number of 0 or more for each task; scaled to the sum 1.</param>
    /// <exception cref="ArgumentException">The preference has a negative number, or none above 0.</exception>
    public AlignedMtl(
        GradientLocation at = GradientLocation.Parameters,
        AlignedScale scale = AlignedScale.Min,
        double[]? preference = null
    )
        : base(at)
    {
        this.scale = scale;
        this.preference = new Preference(preference);
    }

    /// <inheritdoc/>
    public override void Begin(int tasks) => preference.Require(tasks);

    /// <inheritdoc/>
    /// <remarks>
    /// With VΛV' the Gramian, the weights a are those with Λ^½V'a = σV'w: the length of the difference of the two sides, which is
    /// that of the updates, over the length of the right one.
    /// </remarks>
    public override double Residual(GramianView gramian, ReadOnlySpan<double> weights)
    {
        var count = gramian.Count;
        var (values, vectors, shares) = (new double[count], new double[count * count], new double[count]);
        Fill(gramian, shares);
        var rank = GramianEigen.Decompose(gramian.Values, values, vectors, gramian.Rounding);
        var sigma = rank > 0 ? Sigma(values.AsSpan(0, rank)) : 0;
        var (violation, size) = (0.0, 0.0);
        for (var k = 0; k < rank; k++)
        {
            var vector = vectors.AsSpan(k * count, count);
            var expected = sigma * Vectors.Dot(vector, shares);
            violation += Math.Pow((Math.Sqrt(values[k]) * Vectors.Dot(vector, weights)) - expected, 2);
            size += expected * expected;
        }

        return size > 0 ? Math.Sqrt(violation / size) : Math.Sqrt(violation);
    }

    /// <inheritdoc/>
    protected internal override void Weigh(GramianView gramian, Span<double> weights, StepContext step) =>
        Align(gramian, weights);

    private void Align(GramianView gramian, Span<double> weights)
    {
        var count = gramian.Count;
        var work = ArrayPool<double>.Shared.Rent(2 * count);
        try
        {
            var shares = work.AsSpan(0, count);
            var values = work.AsSpan(count, count);
            Fill(gramian, shares);
            var rank = InverseRoot.Multiply(gramian.Values, shares, weights, values, gramian.Rounding);
            var sigma = rank > 0 ? Sigma(values[..rank]) : 0;
            for (var i = 0; i < count; i++)
            {
                weights[i] *= sigma;
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(work);
        }
    }

    private void Fill(GramianView gramian, Span<double> shares)
    {
        if (gramian.Tasks.IsEmpty)
        {
            preference.Require(gramian.Count);
        }

        preference.Fill(gramian.Tasks, shares);
    }

    /// <summary>The common singular value.</summary>
    /// <param name="values">Eigenvalues of the Gramian, largest first.</param>
    private double Sigma(ReadOnlySpan<double> values)
    {
        switch (scale)
        {
            case AlignedScale.Min:
                return Math.Sqrt(values[^1]);
            case AlignedScale.Median:
                return Math.Sqrt(values[values.Length / 2]);
            default:
                var sum = 0.0;
                foreach (var value in values)
                {
                    sum += value;
                }

                return Math.Sqrt(sum / values.Length);
        }
    }
}

/// <summary>What the singular values of the aligned gradients are; the names are those of the authors' code.</summary>
public enum AlignedScale
{
    /// <summary>The smallest singular value of the gradients, as in the paper.</summary>
    Min,

    /// <summary>The root of their median square; the smaller of the middle two.</summary>
    Median,

    /// <summary>The root of their mean square.</summary>
    Rmse,
}
