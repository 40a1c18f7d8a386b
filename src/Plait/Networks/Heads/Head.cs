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
    /// <exception cref="NotSupportedException">The task wants one output a pixel or a step, and the encoder ends in something else.</exception>
    public static TaskHead For(LearningTask task, Encoder encoder, int[]? widths = null, DenseHead? dense = null)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        return For(task, encoder.Output, encoder.Input.Shape ?? [], widths, dense);
    }

    /// <summary>
    /// The head of a task: linear layers with ReLU between them, on the mean over the places where the features are a map or a sequence and at
    /// each step where the task answers for steps, or a dense head.
    /// </summary>
    /// <param name="task">The task that it answers.</param>
    /// <param name="features">What it reads.</param>
    /// <param name="input">The shape of one row of input; a dense output has its height and width.</param>
    /// <param name="widths">Hidden widths of linear layers; none for one linear layer.</param>
    /// <param name="dense">What heads of dense tasks are like; <see cref="ConvolutionHead"/> when null.</param>
    /// <exception cref="NotSupportedException">The task wants one output a pixel or a step, and the features are something else.</exception>
    public static TaskHead For(
        LearningTask task,
        FeatureSpec features,
        IReadOnlyList<long> input,
        int[]? widths = null,
        DenseHead? dense = null
    )
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(input);
        return (task.Answer.Layout, features.Layout) switch
        {
            (Layout.Row, Layout.Row) => new LayerHead(Linears(task, features.Channels, widths)),
            (Layout.Row, Layout.Pixel) => new LayerHead(
                Sequential(AdaptiveAvgPool2d(1), Flatten(), Linears(task, features.Channels, widths))
            ),
            (Layout.Row, Layout.Step) => new PooledHead(Linears(task, features.Channels, widths)),
            (Layout.Step, Layout.Step) => new StepHead(Linears(task, features.Channels, widths)),
            (Layout.Pixel, Layout.Pixel) when input.Count == 3 => new LayerHead(
                (dense ?? new ConvolutionHead()).Build(task.Output.Channels, features.Shape!, input[1], input[2])
            ),
            _ => throw Refusal(task, features),
        };
    }

    /// <summary>Linear layers with ReLU between them, on a vector of features.</summary>
    /// <param name="task">The task that it answers.</param>
    /// <param name="inputs">Features a row.</param>
    /// <param name="widths">Hidden widths; none for one linear layer.</param>
    /// <exception cref="NotSupportedException">The task wants one output a pixel or a step.</exception>
    public static Module<Tensor, Tensor> For(LearningTask task, long inputs, int[]? widths = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.Answer.Layout == Layout.Row
            ? Linears(task, inputs, widths)
            : throw Refusal(task, new VectorFeatures(inputs));
    }

    private static NotSupportedException Refusal(LearningTask task, FeatureSpec features) =>
        new(
            $"Task '{task.Name}' wants one output a {task.Answer.Layout.ToString().ToLowerInvariant()}, and here its head reads {features}; choose {Remedies[task.Answer.Layout]}."
        );

    private static Dictionary<Layout, string> Remedies { get; } =
        new()
        {
            [Layout.Pixel] =
                "an encoder that ends in a map, such as tiny-resnet or resnet18:pool=false, and an architecture for maps",
            [Layout.Step] =
                "an encoder that ends in a sequence, such as token-convolutions, and an architecture for sequences, such as hps",
        };

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
