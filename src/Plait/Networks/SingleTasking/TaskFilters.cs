using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.SingleTasking;

/// <summary>One task's part of a convolution: a matrix that makes its filters of those of a bank, and the normalisation behind them.</summary>
/// <remarks>
/// Kanakis et al. 2020, equation 6: with normalised feature fusion row i of the matrix is g_i v_i / |v_i|, so that each filter's direction
/// and its strength are learned apart (Salimans and Kingma 2016, <i>Weight Normalization</i>, equation 2).
/// </remarks>
internal sealed class TaskFilters : Module<Tensor, Tensor>
{
    private readonly Parameter direction; // [outputs, filters of the bank]
    private readonly Parameter? length; // [outputs]
    private readonly BatchNorm2d normalisation;

    /// <summary>Builds a matrix that takes every filter as it is.</summary>
    /// <param name="outputs">Channels that come out.</param>
    /// <param name="columns">Numbers in a row of the matrix.</param>
    /// <param name="normalized">Whether direction and length of a row are apart.</param>
    public TaskFilters(long outputs, long columns, bool normalized)
        : base(nameof(TaskFilters))
    {
        direction = Parameter(torch.eye(outputs, columns));
        length = normalized ? Parameter(torch.ones(outputs)) : null;
        normalisation = BatchNorm2d(outputs);
        RegisterComponents();
    }

    /// <summary>The matrix, [outputs, columns], tied to what is learned.</summary>
    public Tensor Matrix() =>
        length is null
            ? direction.alias()
            : direction.mul(length.div(direction.square().sum(dim: 1L).sqrt()).unsqueeze(1));

    /// <summary>Sets the matrix.</summary>
    /// <param name="matrix">[outputs, columns]; no row is zero.</param>
    public void Set(Tensor matrix)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        direction.copy_(matrix);
        length?.copy_(matrix.square().sum(dim: 1L).sqrt());
    }

    /// <summary>Takes over a normalisation.</summary>
    public void Adopt(BatchNorm2d other) => AdoptingUnit.Copy(other, normalisation);

    /// <summary>Normalises what the filters answer.</summary>
    public override Tensor forward(Tensor input) => normalisation.call(input);
}
