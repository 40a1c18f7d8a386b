using Plait.Torch;

namespace Plait.Optimization.Regularization;

/// <summary>A normal distribution of a tensor with three axes whose covariance is a product of one for each axis.</summary>
/// <remarks>
/// vec(W) ~ N(0, Σ₁ ⊗ Σ₂ ⊗ Σ₃). With the Cholesky factors Σ = L Lᵀ, applying each L⁻¹ along its axis whitens W, and
/// vec(W)ᵀ (Σ₁ ⊗ Σ₂ ⊗ Σ₃)⁻¹ vec(W) is the squared length of the result: never negative, whatever rounding does.
/// </remarks>
internal sealed class TensorNormal
{
    private const int Axes = 3;

    private readonly long[] sizes;
    private readonly double ridge;
    private readonly int learned; // the first so many axes
    private readonly double[][] covariances; // one an axis, [size, size]
    private readonly Tensor[] whiteners = new Tensor[Axes]; // L⁻¹ of each, of the weights' type and on their device

    /// <summary>Starts with unit covariances.</summary>
    /// <param name="like">The tensor, [tasks, outputs, inputs]: for its sizes, type and device.</param>
    /// <param name="ridge">What each covariance gains on its diagonal at an update, in means of the diagonal.</param>
    /// <param name="learned">How many axes, from the first on, have a covariance that is learned; the others keep the unit matrix.</param>
    public TensorNormal(Tensor like, double ridge, int learned = Axes)
    {
        sizes = like.shape;
        this.learned = learned;
        this.ridge = ridge;
        covariances = [.. sizes.Select(Identity)];
        for (var axis = 0; axis < Axes; axis++)
        {
            SetWhitener(axis, like);
        }
    }

    /// <summary>The covariance along an axis, row by row.</summary>
    public IReadOnlyList<double> Covariance(int axis) => covariances[axis];

    /// <summary>vec(W)ᵀ (Σ₁ ⊗ Σ₂ ⊗ Σ₃)⁻¹ vec(W), tied to W.</summary>
    public Tensor SquaredLength(Tensor weights)
    {
        for (var axis = 0; axis < Axes; axis++)
        {
            weights = Apply(whiteners[axis], weights, axis);
        }

        return weights.square().sum();
    }

    /// <summary>Goes once through the axes, and sets each covariance to its most likely one given the others.</summary>
    /// <remarks>
    /// Σ_k = (D_k / D) V_(k) V_(k)ᵀ, where V is W whitened along the other axes and V_(k) its unfolding. Only the product of the
    /// scales has a meaning: all learned covariances but the last are brought to a mean diagonal of 1. Weights that are all zero have
    /// no covariance and change nothing.
    /// </remarks>
    public void Update(Tensor weights)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var exact = weights.detach().cpu().to(ScalarType.Float64);
        var factors = covariances.Select((_, axis) => Factor(axis)).ToArray();
        for (var axis = 0; axis < learned; axis++)
        {
            var white = exact;
            for (var other = 0; other < Axes; other++)
            {
                white = other == axis ? white : Apply(factors[other], white, other);
            }

            var unfolded = white.transpose(0, axis).flatten(1);
            var covariance = unfolded.mm(unfolded.t()).div(unfolded.size(1));
            var mean = covariance.diagonal().mean().item<double>();
            if (!(mean > 0 && double.IsFinite(mean)))
            {
                return;
            }

            covariance = covariance.div(mean).add(torch.eye(sizes[axis], dtype: ScalarType.Float64), ridge);
            var scale = axis == learned - 1 ? mean : 1 / (1 + ridge);
            covariances[axis] = Numbers.Read(covariance.mul(scale));
            factors[axis] = Factor(axis);
        }

        for (var axis = 0; axis < Axes; axis++)
        {
            SetWhitener(axis, weights);
        }
    }

    /// <summary>Writes the covariances.</summary>
    public void Save(StateDictionary state)
    {
        for (var axis = 0; axis < Axes; axis++)
        {
            state.Set($"covariance-{axis}", covariances[axis]);
        }
    }

    /// <summary>Takes the covariances back.</summary>
    /// <param name="state">What <see cref="Save"/> wrote.</param>
    /// <param name="like">The weights, for their type and device.</param>
    /// <exception cref="InvalidDataException">They are of other sizes.</exception>
    public void Load(StateDictionary state, Tensor like)
    {
        for (var axis = 0; axis < Axes; axis++)
        {
            var loaded = state.Numbers($"covariance-{axis}");
            if (loaded.Length != covariances[axis].Length)
            {
                throw new InvalidDataException(
                    $"The file holds a covariance of {loaded.Length} numbers where the run has {covariances[axis].Length}: it belongs to another network."
                );
            }

            covariances[axis] = loaded;
            SetWhitener(axis, like);
        }
    }

    private static double[] Identity(long size)
    {
        var matrix = new double[size * size];
        for (var i = 0L; i < size; i++)
        {
            matrix[i * (size + 1)] = 1;
        }

        return matrix;
    }

    private static Tensor Apply(Tensor matrix, Tensor tensor, int axis)
    {
        var front = tensor.transpose(0, axis);
        return matrix.mm(front.flatten(1)).view(front.shape).transpose(0, axis);
    }

    /// <summary>L⁻¹ in double precision and main memory.</summary>
    private Tensor Factor(int axis) =>
        torch.linalg.inv(
            torch.linalg.cholesky(torch.tensor(covariances[axis], [sizes[axis], sizes[axis]], ScalarType.Float64))
        );

    private void SetWhitener(int axis, Tensor like)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        whiteners[axis]?.Dispose();
        whiteners[axis] = Factor(axis).to(like.dtype).to(like.device).DetachFromDisposeScope();
    }
}
