using Plait.Networks.Encoders;
using Plait.Numerics;
using Plait.Optimization.InstanceWise;
using Plait.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Relationships.Embedding;

/// <summary>Finds how much noise each unit's weights bear before the loss rises: little where they know much.</summary>
/// <remarks>
/// <para>Achille et al. 2019, section 2.2: the variance of the noise minimises E_{w ~ N(w0, Lambda)} L + beta KL(N(w0, Lambda) || N(0, lambda² I)),
/// where L is the mean loss of a row, so that at the minimum beta / Lambda = F + beta / lambda². All weights of a unit share a variance
/// and those of a layer the prior's lambda², the mean of the layer's w²: a learned one, as the authors' code has it, has no bound where a layer
/// knows nothing.</para>
/// <para>F is here the curvature of the loss on the labels as they are. It is the Fisher information where the probe fits them, for rectifiers
/// up to a term in the gradient by each unit; on a random probe the two differ.</para>
/// <para>The noise is added to the layers' outputs (Kingma et al. 2015, local reparameterisation), and each row goes forward twice,
/// with the noise and with its opposite: what is odd in the noise, its whole pull at first order, cancels out, and what remains is the
/// curvature that is sought. Precisions then follow the natural gradient (Khan et al. 2018, <i>Fast and Scalable Bayesian Deep Learning by
/// Weight-Perturbation in Adam</i>, equation 8), which is to average curvatures; Adam on log variances, as the authors' code has it, stalls where
/// the variances have many orders of magnitude to go.</para>
/// </remarks>
internal sealed class VariationalFisher : IDisposable
{
    private const int RowsAtOnce = 128;
    private const double Start = 1e-4; // of the mean square of a layer's weights: little beside what a rectifier hides
    private const double ShareOfStart = 0.25; // of the steps, in which curvatures are averaged before the noise follows them
    private const double LeastSize = 1e-12; // of an input, where the root of the variance would have no slope

    private readonly List<Action> removals = [];
    private readonly (Parameter Weight, Parameter LogVariance)[] layers;
    private readonly torch.Generator generator;

    private VariationalFisher(Encoder probe, torch.Generator generator)
    {
        this.generator = generator;
        var known = InstanceGradients.TrainableLayers(probe).Where(layer => LayerPass.Knows(layer.Layer)).ToArray();
        if (known.Length == 0)
        {
            throw new NotSupportedException(
                $"Noise goes on linear layers and plain convolutions that are not frozen; {probe.GetName()} has none. Use task2vec:fisher=monte-carlo."
            );
        }

        layers = [.. known.Select(layer => Begin(layer.Layer.get_parameter("weight")!))];
        for (var i = 0; i < layers.Length; i++)
        {
            var (make, noise) = (LayerPass.Of(known[i].Name, known[i].Layer), layers[i].LogVariance);
            removals.Add(
                ((Module<Tensor, Tensor>)known[i].Layer)
                    .register_forward_hook((_, input, output) => Disturb(make(input, output), noise))
                    .remove
            );
        }
    }

    /// <summary>The information of each unit of the layers that have one, prior included, and the prior's.</summary>
    /// <param name="probe">The encoder, in eval mode.</param>
    /// <param name="cost">From features and the numbers of their rows to the mean loss of a row; features come twice, in this order.</param>
    /// <param name="input">[rows, ...], on the probe's device.</param>
    /// <param name="beta">What the noise's price is multiplied by, above 0.</param>
    /// <param name="steps">How many batches it is learned on.</param>
    /// <param name="seed">Draws batches and noise.</param>
    public static (double[][] Information, double[][] Prior) Of(
        Encoder probe,
        Func<Tensor, Tensor, Tensor> cost,
        Tensor input,
        double beta,
        int steps,
        long seed
    )
    {
        using var scope = torch.NewDisposeScope();
        using var grad = torch.enable_grad();
        using var generator = new torch.Generator((ulong)seed, torch.CPU);
        using var noise = new VariationalFisher(probe, generator);
        noise.Learn(probe, cost, input, beta, steps, seed);
        return (
            [.. noise.layers.Select(layer => Numbers.Read(layer.LogVariance.neg().exp().mul(beta)))],
            [
                .. noise.layers.Select(layer =>
                    Enumerable.Repeat(beta / PriorVariance(layer.Weight), (int)layer.LogVariance.size(0)).ToArray()
                ),
            ]
        );
    }

    public void Dispose()
    {
        foreach (var remove in removals)
        {
            remove();
        }

        foreach (var (_, logVariance) in layers)
        {
            logVariance.Dispose();
        }
    }

    private void Learn(
        Encoder probe,
        Func<Tensor, Tensor, Tensor> cost,
        Tensor input,
        double beta,
        int steps,
        long seed
    )
    {
        Tensor[] logVariances = [.. layers.Select(layer => layer.LogVariance)];
        Tensor[] precisions = [.. logVariances.Select(logVariance => logVariance.detach().neg().exp())];
        var count = (int)input.size(0);
        var size = Math.Min(RowsAtOnce, count);
        var order = Enumerable.Range(0, count).Select(row => (long)row).ToArray();
        var random = Seeds.Generator(seed);
        var next = count;
        for (var step = 0; step < steps; step++, next += size)
        {
            if (next + size > count)
            {
                random.Shuffle(order);
                next = 0;
            }

            using var scope = torch.NewDisposeScope();
            var rows = torch.tensor(order[next..(next + size)]).to(input.device);
            var batch = input.index_select(0, rows);
            var loss = cost(probe.FlatFeatures(torch.cat([batch, batch], 0)), torch.cat([rows, rows], 0));
            torch.autograd.backward([loss], [torch.ones_like(loss)], inputs: logVariances);
            using var noGrad = torch.no_grad();
            for (var layer = 0; layer < layers.Length; layer++)
            {
                Average(layers[layer], precisions[layer], beta, 2.0 / (step + 2));
                if (step >= steps * ShareOfStart)
                {
                    var (weight, logVariance) = layers[layer];
                    logVariance.copy_(precisions[layer].clamp_min(1 / PriorVariance(weight)).log().neg());
                }
            }
        }
    }

    /// <summary>Moves a layer's precisions to what this batch says of them, by a share.</summary>
    private static void Average(
        (Parameter Weight, Parameter LogVariance) layer,
        Tensor precision,
        double beta,
        double share
    )
    {
        var (weight, logVariance) = layer;
        precision.mul_(1 - share).add_(share / PriorVariance(weight));
        if (logVariance.grad is { } gradient)
        {
            var weightsOfUnit = (double)weight.numel() / weight.size(0);
            precision.add_(gradient / logVariance.exp(), 2 * share / weightsOfUnit / beta);
            logVariance.grad = null;
        }
    }

    /// <summary>The layer's output with noise for the first half of the rows, and with the opposite noise for the second.</summary>
    private Tensor Disturb(LayerPass pass, Parameter logVariance)
    {
        var output = pass.Output;
        var sizes = pass.Patches().square().sum([2L], keepdim: true).clamp_min(LeastSize); // [rows, positions, 1]
        var variance = sizes.mul(logVariance.exp()); // [rows, positions, units]
        var ordered = output.dim() == 4 ? variance.transpose(1, 2) : variance;
        var half = torch.randn([output.size(0) / 2, .. output.shape[1..]], generator: generator).to(output);
        return output + (torch.cat([half, half.neg()], 0) * ordered.reshape(output.shape).sqrt());
    }

    /// <summary>The variance of the prior of a layer's weights: their mean square.</summary>
    internal static double PriorVariance(Parameter weight)
    {
        using var scope = torch.NewDisposeScope();
        return Math.Max(weight.detach().square().mean().ToDouble(), float.Epsilon);
    }

    private static (Parameter Weight, Parameter LogVariance) Begin(Parameter weight)
    {
        var start = torch.full(weight.size(0), Math.Log(Start * PriorVariance(weight)), weight.dtype, weight.device);
        return (weight, new Parameter(start.DetachFromDisposeScope()));
    }
}
