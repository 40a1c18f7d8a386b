namespace Plait.Optimization.Regularization;

/// <summary>The sum of a matrix's singular values, with a gradient that is right where some of them vanish.</summary>
/// <remarks>
/// Of all subgradients U Vᵀ + W, with W orthogonal to the row and column spaces, the shortest is U Vᵀ over the singular values that are not
/// zero. Autograd through a decomposition divides by differences of singular values and fails where two are equal; here the
/// decomposition is a constant, and the inner product of U Vᵀ with the matrix has both the value and the gradient.
/// </remarks>
internal static class NuclearNorm
{
    /// <summary>The norm of [rows, columns], tied to the matrix.</summary>
    public static Tensor Of(Tensor matrix) => matrix.mul(Gradient(matrix)).sum();

    /// <summary>The shortest subgradient, of the matrix's shape and not tied to it.</summary>
    private static Tensor Gradient(Tensor matrix)
    {
        using var noGrad = torch.no_grad();
        var detached = matrix.detach();
        var wide = detached.size(0) <= detached.size(1);
        // The decomposition wants rows of one scale: an overall factor changes nothing about U and V.
        var scale = detached.abs().max();
        var (u, values, v) = torch.linalg.svd(
            detached.div(torch.where(scale.gt(0), scale, torch.ones_like(scale))),
            fullMatrices: false
        );
        var precision = detached.dtype == ScalarType.Float64 ? double.BitIncrement(1) - 1 : float.BitIncrement(1) - 1;
        var longest = Math.Max(detached.size(0), detached.size(1));
        var counts = values.gt(values.select(0, 0).mul(longest * precision)).to(detached.dtype);
        return wide ? u.mul(counts).mm(v) : u.mm(v.mul(counts.unsqueeze(1)));
    }
}
