using Plait.Data;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks;

/// <summary>Counts the multiplications, each with its addition, that a network's answer to one row takes.</summary>
/// <remarks>
/// What papers call multiply-adds (MACs): those of convolutions and linear layers, and of whatever else multiplies matrices
/// and says so by <see cref="ICountsMacs"/>, or, outside of modules, by <see cref="ICountsOwnMacs"/>. Normalisation, activations, pooling and resizing are left out, as is usual.
/// </remarks>
public static class Macs
{
    /// <summary>Counts those of a forward pass for all tasks.</summary>
    /// <param name="network">The network; left in the mode that it was in.</param>
    /// <param name="inputShape">The shape of one row.</param>
    public static long Of(MultiTaskNetwork network, IReadOnlyList<long> inputShape)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(inputShape);
        var count = network is ICountsOwnMacs itself ? itself.MacsOfRow : 0L;
        var removals = new List<Action>();
        foreach (var module in network.modules())
        {
            if (module is Module<Tensor, Tensor> layer && CountOf(layer) is { } countOf)
            {
                var hook = layer.register_forward_hook(
                    (_, input, output) =>
                    {
                        count += countOf(input, output);
                        return output;
                    }
                );
                removals.Add(hook.remove);
            }
            else if (module is Module<Tensor, Tensor, Tensor> joining and ICountsMacs own)
            {
                var hook = joining.register_forward_hook(
                    (_, first, _, output) =>
                    {
                        count += own.MacsOf(first, output);
                        return output;
                    }
                );
                removals.Add(hook.remove);
            }
        }

        var wasTraining = network.training;
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        try
        {
            network.eval();
            var row = torch.zeros([1, .. inputShape], device: network.Device);
            network.Forward(MultiTaskBatch.Unlabelled(network.Tasks.All, row), network.Tasks.All);
            return count;
        }
        finally
        {
            network.train(wasTraining);
            removals.ForEach(remove => remove());
        }
    }

    private static Func<Tensor, Tensor, long>? CountOf(Module<Tensor, Tensor> layer) =>
        layer switch
        {
            Conv2d convolution => (_, output) => output.numel() * WindowOf(convolution.weight!),
            Conv1d convolution => (_, output) => output.numel() * WindowOf(convolution.weight!),
            ConvTranspose2d convolution => (input, _) => input.numel() * WindowOf(convolution.weight!),
            Linear linear => (_, output) => output.numel() * linear.in_features,
            ICountsMacs other => other.MacsOf,
            _ => null,
        };

    /// <summary>What each output of a convolution sums (of a transposed one: what each input is spread over).</summary>
    private static long WindowOf(Tensor weight) => weight.numel() / weight.size(0);
}

/// <summary>A layer that multiplies matrices in its own way, and not through convolutions or linear layers inside it.</summary>
public interface ICountsMacs
{
    /// <summary>Multiplications, each with its addition, of one pass.</summary>
    /// <param name="input">What the layer read; of two inputs the first.</param>
    /// <param name="output">What it gave.</param>
    long MacsOf(Tensor input, Tensor output);
}

/// <summary>A network that multiplies matrices itself, and not through modules that it calls.</summary>
public interface ICountsOwnMacs
{
    /// <summary>Those multiplications, each with its addition, of one row's answers for all tasks.</summary>
    long MacsOfRow { get; }
}
