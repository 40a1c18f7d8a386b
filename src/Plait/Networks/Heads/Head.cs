using Plait.Networks.Encoders;
using Plait.Tasks;
using Plait.Torch;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Heads;

/// <summary>Makes the private part of a network: from shared features to one task's output.</summary>
public static class Head
{
    /// <summary>The head of a task on an encoder's features.</summary>
    /// <param name="task">The task that it answers.</param>
    /// <param name="encoder">Gives the features.</param>
    /// <param name="widths">Hidden widths of linear layers; none for one linear layer.</param>
    /// <param name="dense">What heads of dense tasks are like; <see cref="ConvolutionHead"/> when null.</param>
    /// <exception cref="NotSupportedException">The task wants one output a pixel, and the encoder ends in a vector.</exception>
    public static Module<Tensor, Tensor> For(
        LearningTask task,
        Encoder encoder,
        int[]? widths = null,
        DenseHead? dense = null
    )
    {
        ArgumentNullException.ThrowIfNull(encoder);
        return For(task, encoder.OutputShape, encoder.InputShape, widths, dense);
    }

    /// <summary>
    /// The head of a task: linear layers with ReLU between them (after global average pooling, where the features are a map), or a
    /// dense head.
    /// </summary>
    /// <param name="task">The task that it answers.</param>
    /// <param name="features">The shape of one row of features: [width] or [channels, height, width].</param>
    /// <param name="input">The shape of one row of input; a dense output has its height and width.</param>
    /// <param name="widths">Hidden widths of linear layers; none for one linear layer.</param>
    /// <param name="dense">What heads of dense tasks are like; <see cref="ConvolutionHead"/> when null.</param>
    /// <exception cref="NotSupportedException">The task wants one output a pixel, and the features are a vector.</exception>
    public static Module<Tensor, Tensor> For(
        LearningTask task,
        IReadOnlyList<long> features,
        IReadOnlyList<long> input,
        int[]? widths = null,
        DenseHead? dense = null
    )
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(input);
        if (!task.Output.IsDense)
        {
            return features.Count == 1
                ? Linears(task, features[0], widths)
                : Sequential(AdaptiveAvgPool2d(1), Flatten(), Linears(task, features[0], widths));
        }

        return features.Count == 3 && input.Count == 3
            ? (dense ?? new ConvolutionHead()).Build(task.Output.Channels, features, input[1], input[2])
            : throw new NotSupportedException(
                $"Task '{task.Name}' wants one output a pixel, and here its head reads a vector; choose an encoder that ends in a map, such as tiny-resnet or resnet18:pool=false, and an architecture for maps."
            );
    }

    /// <summary>Linear layers with ReLU between them, on a vector of features.</summary>
    /// <param name="task">The task that it answers.</param>
    /// <param name="inputs">Features a row.</param>
    /// <param name="widths">Hidden widths; none for one linear layer.</param>
    /// <exception cref="NotSupportedException">The task wants one output a pixel.</exception>
    public static Module<Tensor, Tensor> For(LearningTask task, long inputs, int[]? widths = null) =>
        For(task, [inputs], [inputs], widths);

    private static Module<Tensor, Tensor> Linears(LearningTask task, long inputs, int[]? widths)
    {
        var layers = new List<Module<Tensor, Tensor>>();
        foreach (var width in widths ?? [])
        {
            MemoryRoom.Require((inputs + 1.0) * width, $"Layers of width {width} on {inputs} inputs");
            layers.Add(Linear(inputs, width));
            layers.Add(ReLU());
            inputs = width;
        }

        layers.Add(Linear(inputs, task.Output.Channels));
        return layers.Count == 1 ? layers[0] : Sequential(layers);
    }
}
