using TorchSharp.Modules;

namespace Plait.Networks;

/// <summary>A network in which shared and private layers read the same input side by side.</summary>
public interface IParallelLayers
{
    /// <summary>Weights that read the same input, one shared and one of a task's own: [outputs, inputs, ...] each, with equal inputs.</summary>
    IEnumerable<(Parameter Shared, Parameter Private)> ParallelWeights { get; }
}
