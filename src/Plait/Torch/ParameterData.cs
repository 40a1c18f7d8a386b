using TorchSharp.Modules;

namespace Plait.Torch;

/// <summary>Gives a parameter other storage, which TorchSharp does not bind in a way that autograd allows between forward and backward.</summary>
/// <remarks>
/// Tensor.set_ counts as a change of the value, so a graph that already holds the parameter refuses to go backwards.
/// Python's <c>parameter.data = view</c> does not, and is reached here through TorchScript.
/// </remarks>
internal static class ParameterData
{
    private static readonly Lazy<torch.jit.CompilationUnit> Unit = new(() =>
        torch.jit.compile("def move(parameter: Tensor, view: Tensor) -> None:\n    parameter.set_data(view)\n")
    );

    /// <summary>Makes a parameter a view of other storage that holds the same value.</summary>
    public static void Move(Parameter parameter, Tensor view) => Unit.Value.invoke("move", parameter, view);
}
