using Plait.Tasks;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Heads;

/// <summary>Makes the private part of a network: from shared features to one task's output.</summary>
public static class Head
{
    /// <summary>Linear layers with ReLU between them.</summary>
    /// <param name="task">The task that it answers.</param>
    /// <param name="inputs">Features a row.</param>
    /// <param name="widths">Hidden widths; none for one linear layer.</param>
    /// <exception cref="NotSupportedException">The task wants one output a pixel.</exception>
    public static Module<Tensor, Tensor> For(LearningTask task, long inputs, params ReadOnlySpan<int> widths)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (task.Output.IsDense)
        {
            throw new NotSupportedException(
                $"Task '{task.Name}' wants one output a pixel; heads of linear layers give one a row."
            );
        }

        var layers = new List<Module<Tensor, Tensor>>();
        foreach (var width in widths)
        {
            layers.Add(Linear(inputs, width));
            layers.Add(ReLU());
            inputs = width;
        }

        layers.Add(Linear(inputs, task.Output.Channels));
        return layers.Count == 1 ? layers[0] : Sequential(layers);
    }
}
