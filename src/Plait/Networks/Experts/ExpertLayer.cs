using Plait.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Experts;

/// <summary>One layer with ReLU of each of several experts, computed together: linear on vectors, a 3 x 3 convolution on maps.</summary>
/// <remarks>
/// Where all experts read the same rows, their layers side by side are one wide layer, and its result lies as mixtures want it,
/// [rows, experts, outputs], without a copy. Where they read different ones, they are one batched product or one grouped convolution.
/// </remarks>
internal sealed class ExpertLayer : Module<Tensor, Tensor>
{
    private const int Window = 3;

    private readonly Parameter weight; // [experts · outputs, inputs], or [experts · outputs, channels, 3, 3]
    private readonly Parameter bias; // [experts · outputs]
    private readonly int experts;

    /// <summary>Builds the layers, each initialised like a layer of its own.</summary>
    /// <param name="experts">How many.</param>
    /// <param name="input">What one expert reads: [width] or [channels, height, width].</param>
    /// <param name="outputs">What one expert says: a width, or channels.</param>
    public ExpertLayer(int experts, IReadOnlyList<long> input, long outputs)
        : base(nameof(ExpertLayer))
    {
        this.experts = experts;
        long[] window = input.Count == 1 ? [] : [Window, Window];
        MemoryRoom.Require(
            window.Aggregate((double)experts * outputs * input[0], (product, size) => product * size),
            $"Layers of width {outputs} of {experts} experts on {input[0]} inputs"
        );
        weight = Parameter(torch.empty([experts * outputs, input[0], .. window]));
        bias = Parameter(torch.empty(experts * outputs));

        // He-uniform with a slope of sqrt 5, as linear layers and convolutions have it, comes to this bound for weights and biases alike.
        var bound = 1 / Math.Sqrt(weight.numel() / bias.numel());
        init.uniform_(weight, -bound, bound);
        init.uniform_(bias, -bound, bound);
        RegisterComponents();
    }

    /// <summary>The experts' weights, one row for each unit: [experts · outputs, inputs, ...].</summary>
    public Parameter Weight => weight;

    /// <summary>
    /// From [rows, inputs, ...], the same for all experts, or [rows, readings, inputs, ...], of which each is read by as many
    /// experts, to [rows, experts, outputs, ...].
    /// </summary>
    public override Tensor forward(Tensor input) => Apply(input, weight, bias, experts);

    /// <summary>Several layers side by side, as if they were one with the experts of all.</summary>
    public static Tensor Together(Tensor input, IReadOnlyList<ExpertLayer> layers) =>
        layers.Count == 1
            ? layers[0].call(input)
            : Apply(
                input,
                torch.cat([.. layers.Select(layer => layer.weight)]),
                torch.cat([.. layers.Select(layer => layer.bias)]),
                layers.Sum(layer => layer.experts)
            );

    private static Tensor Apply(Tensor input, Tensor weight, Tensor bias, int experts)
    {
        var rows = input.size(0);
        var outputs = bias.size(0) / experts;
        if (weight.dim() == 4)
        {
            var readings = input.dim() == 5 ? input.size(1) : 1;
            var map = functional.conv2d(
                input.dim() == 5 ? input.flatten(1, 2) : input,
                weight,
                bias,
                padding: [Window / 2, Window / 2],
                groups: readings
            );
            return map.relu().view(rows, experts, outputs, map.size(2), map.size(3));
        }

        return input.dim() == 2
            ? functional.linear(input, weight, bias).relu().view(rows, experts, outputs)
            : Separately(input, weight, bias).reshape(rows, experts, outputs);
    }

    /// <summary>From [rows, readings, inputs] to [rows, readings, outputs of all experts that read the same].</summary>
    private static Tensor Separately(Tensor input, Tensor weight, Tensor bias)
    {
        var readings = input.size(1);
        return input
            .transpose(0, 1)
            .bmm(weight.view(readings, -1, weight.size(1)).transpose(1, 2))
            .add(bias.view(readings, 1, -1))
            .relu()
            .transpose(0, 1);
    }
}
