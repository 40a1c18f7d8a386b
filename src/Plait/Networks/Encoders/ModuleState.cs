using Plait.Tasks;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Encoders;

/// <summary>Parameters and buffers of a module, as another module of the same make takes them over.</summary>
internal static class ModuleState
{
    /// <summary>Copies all values; nothing is copied where something does not fit.</summary>
    /// <param name="from">Where the values are.</param>
    /// <param name="to">Where they go.</param>
    /// <param name="whose">What is filled, for messages.</param>
    /// <exception cref="ArgumentException">The two have other parts, or parts of another shape.</exception>
    public static void Copy(Module from, Module to, string whose)
    {
        var source = from.state_dict();
        var target = to.state_dict();
        foreach (var (name, tensor) in target)
        {
            if (!source.TryGetValue(name, out var value) || !value.shape.AsSpan().SequenceEqual(tensor.shape))
            {
                throw new ArgumentException(
                    $"What {whose} starts from has {(value is null ? "no" : $"a {TargetShapes.Text(value.shape)}")} '{name}' where {TargetShapes.Text(tensor.shape)} is needed; give one that was built alike."
                );
            }
        }

        if (source.Count != target.Count)
        {
            throw new ArgumentException(
                $"What {whose} starts from has {source.Count} tensors where {target.Count} are needed; give one that was built alike."
            );
        }

        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        foreach (var (name, tensor) in target)
        {
            tensor.copy_(source[name]);
        }
    }
}
