using Plait.Networks.Encoders;
using Plait.Optimization.InstanceWise;
using Plait.Tasks;
using Plait.Torch;
using TorchSharp.Modules;

namespace Plait.Relationships.Embedding;

/// <summary>The diagonal of the Fisher information of an encoder's weights, averaged over the weights of each unit.</summary>
/// <remarks>
/// F = E_x E_y (d log p(y|x) / dw)², the mean over rows of the squares of each row's own gradient. The square of a batch's mean
/// gradient is something else: rows' gradients for drawn labels are independent with mean 0, so it is less by the size of the batch.
/// For encoders of linear layers and plain convolutions all rows go back at once; others go row by row.
/// </remarks>
internal static class MonteCarloFisher
{
    private const int RowsAtOnce = 128;

    /// <summary>The weights of each layer, [units, ...], that information is counted of.</summary>
    public static IEnumerable<Parameter> Weights(Encoder probe) =>
        InstanceGradients
            .TrainableLayers(probe)
            .Select(layer => layer.Layer.get_parameter("weight"))
            .OfType<Parameter>();

    /// <summary>The mean information a row.</summary>
    /// <param name="probe">The encoder, in eval mode.</param>
    /// <param name="head">From its features to the outputs.</param>
    /// <param name="likelihood">What the outputs say.</param>
    /// <param name="input">[rows, ...], on the probe's device.</param>
    /// <param name="factors">What the score of each output is multiplied by, 0 where its label is missing, [rows, channels]; null for 1.</param>
    /// <param name="draws">Labels a row; 0 for all of them by their probability.</param>
    /// <param name="generator">Draws the labels.</param>
    /// <returns>For each layer, one number a unit.</returns>
    public static double[][] Of(
        Encoder probe,
        LinearHead head,
        OutputLikelihood likelihood,
        Tensor input,
        Tensor? factors,
        int draws,
        torch.Generator generator
    )
    {
        using var grad = torch.enable_grad();
        var known = InstanceGradients.TrainableLayers(probe).All(layer => LayerPass.Knows(layer.Layer));
        using var listener = known ? new InstanceGradients(probe) : null;
        var sums = Weights(probe).Select(weight => new double[weight.size(0)]).ToArray();
        for (var first = 0L; first < input.size(0); first += RowsAtOnce)
        {
            using var scope = torch.NewDisposeScope();
            var rows = Math.Min(RowsAtOnce, input.size(0) - first);
            var outputs = head.Of(probe.FlatFeatures(input.narrow(0, first, rows)));
            foreach (var score in likelihood.Scores(outputs.detach(), draws, generator))
            {
                var losses = outputs.mul(factors is null ? score : score * factors.narrow(0, first, rows)).sum(dim: 1L);
                Add(sums, listener?.Squares(losses) ?? RowByRow(probe, losses));
            }

            listener?.Forget();
        }

        foreach (var layer in sums)
        {
            for (var unit = 0; unit < layer.Length; unit++)
            {
                layer[unit] /= input.size(0);
            }
        }

        return sums;
    }

    /// <summary>One backward pass a row; the parameters' own gradients stay as they are.</summary>
    internal static double[][] RowByRow(Encoder probe, Tensor losses)
    {
        Parameter[] weights = [.. Weights(probe)];
        var before = Array.ConvertAll(weights, weight => weight.grad);
        var sums = Array.ConvertAll(weights, weight => torch.zeros(weight.size(0), ScalarType.Float64, weight.device));
        for (var row = 0L; row < losses.size(0); row++)
        {
            using var scope = torch.NewDisposeScope();
            Array.ForEach(weights, weight => weight.grad = null);
            var loss = losses[row];
            torch.autograd.backward([loss], [torch.ones_like(loss)], retain_graph: true, inputs: weights);
            for (var layer = 0; layer < weights.Length; layer++)
            {
                if (weights[layer].grad is { } gradient)
                {
                    sums[layer].add_(gradient.unsqueeze(-1).flatten(1).square().mean([1L]));
                }
            }
        }

        for (var layer = 0; layer < weights.Length; layer++)
        {
            weights[layer].grad = before[layer];
        }

        return Array.ConvertAll(sums, Numbers.Read);
    }

    private static void Add(double[][] sums, double[][] more)
    {
        for (var layer = 0; layer < sums.Length; layer++)
        {
            for (var unit = 0; unit < sums[layer].Length; unit++)
            {
                sums[layer][unit] += more[layer][unit];
            }
        }
    }
}
