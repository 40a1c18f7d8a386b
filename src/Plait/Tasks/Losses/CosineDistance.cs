using static TorchSharp.torch.nn;

namespace Plait.Tasks.Losses;

/// <summary>One minus the cosine between an output vector and its target, over the vectors that are present: for surface normals.</summary>
/// <remarks>
/// Liu et al. 2019, <i>End-to-End Multi-Task Learning with Attention</i> (MTAN), with outputs scaled to length 1;
/// also DenseMTL's. A vector weighs what the least of its numbers does, so it is missing when any of them is, or when the target has no length and so no direction. An
/// output of length 0 costs 1 and its gradient points along the target.
/// </remarks>
public sealed class CosineDistance : TaskLoss
{
    /// <inheritdoc/>
    public override string Name => "cosine-distance";

    /// <inheritdoc/>
    public override OutputMeaning? Trains => OutputMeaning.Directions;

    /// <inheritdoc/>
    /// <remarks>Outputs are vectors of any length, [rows, channels, ...]; targets are directions of the same shape.</remarks>
    public override Tensor Compute(Tensor output, TaskTarget target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        TargetShapes.RequireVectors(output, target.Values);
        var values = MatchType(target.Values, output);
        var each = Cost(output, values, Reduction.None);
        var weights = WeightsOf(values, target.Factors).to(each.dtype);
        var total = weights.sum();
        return each.mul(weights).sum().div(total.add(total.eq(0)));
    }

    /// <inheritdoc/>
    /// <remarks>The sum of the weights of the vectors that are present and have a direction.</remarks>
    public override double WeightOf(TaskTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        using var scope = torch.NewDisposeScope();
        return WeightsOf(target.Values, target.Factors).sum(ScalarType.Float64).item<double>();
    }

    /// <inheritdoc/>
    protected override Tensor Cost(Tensor output, Tensor target, Reduction reduction)
    {
        var cosine = output.mul(target).sum(1L).div(Divisor(Length(output))).div(Divisor(Length(target)));
        var cost = cosine.neg().add(1);
        return reduction == Reduction.Mean ? cost.mean() : cost;
    }

    /// <summary>What each vector counts, [rows, ...]: nothing without a direction.</summary>
    private static Tensor WeightsOf(Tensor vectors, Tensor? factors)
    {
        var directed = Length(vectors).ne(0).to(ScalarType.Float32);
        return factors is not null && factors.numel() > 0 ? directed.mul(factors.amin([1])) : directed;
    }

    private static Tensor Length(Tensor vectors) => torch.linalg.vector_norm(vectors, dims: [1]);

    private static Tensor Divisor(Tensor length) => length.add(length.eq(0));
}
