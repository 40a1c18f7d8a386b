namespace Plait.Networks;

/// <summary>A network with layers that read the same input side by side: shared and private ones, or the subspaces of one layer.</summary>
public interface IParallelLayers
{
    /// <summary>Weights that read the same input: [outputs, inputs, ...] each, with equal inputs; parameters, or slices of them.</summary>
    IEnumerable<(Tensor Shared, Tensor Private)> ParallelWeights { get; }
}
