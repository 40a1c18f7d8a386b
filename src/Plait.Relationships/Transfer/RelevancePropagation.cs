using TorchSharp.Modules;
using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace Plait.Relationships.Transfer;

/// <summary>Hands the features back to the inputs, layer by layer, each input of a layer getting the share that it contributed.</summary>
/// <remarks>
/// Bach et al. 2015, equation 58: R_i = sum_j x_i w_ij R_j / (z_j + epsilon sign z_j), where z_j includes the bias, whose share is
/// lost. Since z is linear in x, the sum is x times one vector-Jacobian product of the layer with R / (z + epsilon sign z), so no layer
/// needs a rule for its weights' layout. A rectifier and dropout hand on what they get, max-pooling gives all to the winner. For such
/// networks the limit of epsilon = 0 is gradient times input (Ancona et al. 2018, section 3). Where an encoder normalises its images,
/// the input is the normalised one.
/// </remarks>
internal static class RelevancePropagation
{
    private enum Rule
    {
        HandOn,
        ToWinner,
        ByShare,
    }

    /// <summary>What each number of the input contributed to the sum of the last layer's outputs.</summary>
    /// <param name="stages">The layers, from the input; chains of layers are taken apart.</param>
    /// <param name="input">[rows, ...].</param>
    /// <param name="epsilon">The stabiliser, above 0.</param>
    /// <param name="task">What the network learned, for errors.</param>
    /// <returns>Of the input's shape.</returns>
    /// <exception cref="NotSupportedException">A layer has no rule here.</exception>
    public static Tensor Of(IEnumerable<Layer> stages, Tensor input, double epsilon, string task)
    {
        var passes = new Stack<(Rule Rule, Tensor Input, Tensor Output)>();
        foreach (var (rule, layer) in stages.SelectMany(TakeApart).Select(layer => (RuleOf(layer, task), layer)))
        {
            var read = input.detach().clone(); // a layer may work in place
            if (rule != Rule.HandOn)
            {
                read.requires_grad_();
            }

            input = layer.call(read);
            passes.Push((rule, read, input));
        }

        var relevance = input.detach();
        while (passes.TryPop(out var pass))
        {
            relevance = pass.Rule switch
            {
                Rule.HandOn => relevance.reshape(pass.Input.shape),
                Rule.ToWinner => Product(pass.Input, pass.Output, relevance),
                _ => pass.Input.detach()
                    * Product(pass.Input, pass.Output, relevance / Stabilised(pass.Output, epsilon)),
            };
        }

        return relevance;
    }

    private static Tensor Product(Tensor input, Tensor output, Tensor vector)
    {
        torch.autograd.backward([output], [vector.reshape(output.shape)], inputs: [input]);
        return input.grad!;
    }

    private static Tensor Stabilised(Tensor output, double epsilon)
    {
        var values = output.detach();
        return torch.where(values.ge(0), values.add(epsilon), values.sub(epsilon));
    }

    private static IEnumerable<Layer> TakeApart(Layer layer) =>
        layer is Sequential chain ? chain.children().Cast<Layer>().SelectMany(TakeApart) : [layer];

    private static Rule RuleOf(Layer layer, string task) =>
        layer switch
        {
            ReLU or Dropout or Dropout2d or Flatten or Identity => Rule.HandOn,
            MaxPool2d or MaxPool1d => Rule.ToWinner,
            Linear or Conv2d or Conv1d or AvgPool2d or AvgPool1d or AdaptiveAvgPool2d => Rule.ByShare,
            _ => throw new NotSupportedException(
                $"Relevance goes back through linear, convolution, ReLU, pooling, flatten and dropout layers; the network of '{task}' has a {layer.GetType().Name}. Use attribution:by=gradient-input, which knows every layer."
            ),
        };
}
