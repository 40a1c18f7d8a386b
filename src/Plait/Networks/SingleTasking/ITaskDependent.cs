using TorchSharp.Modules;

namespace Plait.Networks.SingleTasking;

/// <summary>A layer that differs from task to task.</summary>
internal interface ITaskDependent
{
    /// <summary>What the layer has for one task alone.</summary>
    IEnumerable<Parameter> ParametersOf(int task);
}
