using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.SharedTrunk;

/// <summary>Turns vectors by a matrix that stays a rotation whatever is learned.</summary>
/// <remarks>The matrix is exp(A - A') for the part A of the parameter above its diagonal, so it starts as the identity.</remarks>
internal sealed class Rotation : Module<Tensor, Tensor>
{
    private readonly Parameter angles; // [size, size], of which the part above the diagonal counts

    /// <summary>A rotation that leaves everything where it is.</summary>
    /// <param name="size">How many numbers of a vector it turns, from the first on.</param>
    public Rotation(long size)
        : base(nameof(Rotation))
    {
        angles = Parameter(torch.zeros(size, size));
        RegisterComponents();
    }

    /// <summary>What is learned.</summary>
    public Parameter Angles => angles;

    /// <summary>The rotation, [size, size], orthogonal, tied to <see cref="Angles"/>.</summary>
    public Tensor Matrix()
    {
        var upper = angles.triu(1);
        return torch.linalg.matrix_exp(upper - upper.t());
    }

    /// <summary>From [rows, width] to [rows, width]; what is beyond the size of the rotation passes as it is.</summary>
    public override Tensor forward(Tensor input)
    {
        var size = angles.size(0);
        var width = input.size(1);
        return width == size
            ? functional.linear(input, Matrix())
            : torch.cat(
                [functional.linear(input.narrow(1, 0, size), Matrix()), input.narrow(1, size, width - size)],
                1
            );
    }
}
