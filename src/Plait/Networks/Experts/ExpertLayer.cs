using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Experts;

/// <summary>One linear layer with ReLU for each of several experts, computed together.</summary>
/// <remarks>
/// Where all experts read the same rows, their layers side by side are one wide linear layer, and its result lies as mixtures
/// want it, [rows, experts, outputs], without a copy. Later layers are one batched product.
/// </remarks>
internal sealed class ExpertLayer : Module<Tensor, Tensor>
{
    private readonly Parameter weight; // [experts, outputs, inputs]
    private readonly Parameter bias; // [experts, outputs]

    /// <summary>Builds the layers, each initialised like a linear layer of its own.</summary>
    public ExpertLayer(int experts, long inputs, long outputs)
        : base(nameof(ExpertLayer))
    {
        // He-uniform with a slope of sqrt 5, as linear layers have it, comes to this bound for weights and biases alike.
        var bound = 1 / Math.Sqrt(inputs);
        weight = Parameter(torch.empty(experts, outputs, inputs));
        bias = Parameter(torch.empty(experts, outputs));
        init.uniform_(weight, -bound, bound);
        init.uniform_(bias, -bound, bound);
        RegisterComponents();
    }

    /// <summary>From [rows, inputs] (the same for all experts) or [rows, experts, inputs] to [rows, experts, outputs].</summary>
    public override Tensor forward(Tensor input)
    {
        var (experts, outputs) = (weight.shape[0], weight.shape[1]);
        return input.dim() == 2
            ? functional.linear(input, weight.flatten(0, 1), bias.flatten()).relu().view(-1, experts, outputs)
            : input.transpose(0, 1).bmm(weight.transpose(1, 2)).add(bias.unsqueeze(1)).relu().transpose(0, 1);
    }
}
