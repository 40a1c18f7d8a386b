using Plait.Tasks;
using Plait.Tasks.Answers;
using static TorchSharp.torch.nn;

namespace Plait.Optimization.InstanceWise;

/// <summary>Descends with one objective for each row of a batch: an aggregator resolves the conflicts between rows, not tasks.</summary>
/// <remarks>
/// <para>Quinton and Rey 2024, <i>Jacobian descent for multi-objective optimization</i>, section 4: instance-wise risk minimisation. The
/// Jacobian of a batch would be rows x parameters; a Gramian aggregator needs rows x rows alone, and that is a sum over layers of
/// products of small matrices (their section 6): with X a row's patches and D the gradient by its outputs, the rows' gradients
/// have the inner products Σ (X_i X_j') ∘ (D_i D_j'). One backward pass gives every D, one more descends.</para>
/// <para>It listens to linear layers and plain convolutions. A layer that ties the rows of a batch together, such as batch
/// normalisation, would make the rows' gradients something else, and is refused with every other layer that has parameters.</para>
/// </remarks>
public sealed class InstanceGradients : IDisposable
{
    private readonly List<Action> removals = [];
    private readonly OrderedDictionary<Module, List<LayerPass>> passes = new(ReferenceEqualityComparer.Instance);

    /// <summary>Listens to a module: each of its forward passes from now on, until the next <see cref="Descend"/>, counts.</summary>
    /// <param name="module">The part of a network whose parameters' gradients are compared, or the whole.</param>
    /// <exception cref="NotSupportedException">A layer with trainable parameters is neither linear nor a plain convolution, or there is none.</exception>
    public InstanceGradients(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        var layers = TrainableLayers(module)
            .Select(layer => (layer.Layer, Make: LayerPass.Of(layer.Name, layer.Layer)))
            .ToArray();
        if (layers.Length == 0)
        {
            throw new NotSupportedException($"{module.GetName()} has no trainable parameter.");
        }

        foreach (var (layer, make) in layers)
        {
            List<LayerPass> ofLayer = passes[layer] = [];
            removals.Add(
                ((Module<Tensor, Tensor>)layer)
                    .register_forward_hook(
                        (_, input, output) => torch.is_grad_enabled() ? Keep(ofLayer, make, input, output) : output
                    )
                    .remove
            );
        }
    }

    /// <summary>The inner products of the rows' gradients, by the weights and biases listened to. Leaves the graph as it is.</summary>
    /// <param name="losses">[rows], each the loss of one row of the forward pass before, in the rows' order.</param>
    /// <returns>Row by row, rows x rows.</returns>
    /// <exception cref="ArgumentException">The losses are not one for each row.</exception>
    /// <exception cref="InvalidOperationException">There was no forward pass.</exception>
    public double[] Gramian(Tensor losses)
    {
        ArgumentNullException.ThrowIfNull(losses);
        using var scope = torch.NewDisposeScope();
        var sum = torch.zeros([losses.numel(), losses.numel()], ScalarType.Float64, losses.device);
        Visit(
            losses,
            (_, hasBias, patches, slopes) =>
            {
                sum.add_(OfWeights(patches, slopes));
                if (hasBias)
                {
                    var ofBias = slopes.sum(1L); // [rows, channels]
                    sum.add_(ofBias.mm(ofBias.t()));
                }
            }
        );
        return Torch.Numbers.Read(sum);
    }

    /// <summary>
    /// The squares of the rows' gradients by the weights, added up over the rows and averaged over the weights of each output
    /// unit or filter. Leaves the graph as it is.
    /// </summary>
    /// <param name="losses">[rows], each the loss of one row of the forward pass before, in the rows' order.</param>
    /// <returns>For each layer, in the module's order, one number an output unit; 0 where no loss reaches.</returns>
    /// <exception cref="ArgumentException">The losses are not one for each row.</exception>
    /// <exception cref="InvalidOperationException">There was no forward pass.</exception>
    public double[][] Squares(Tensor losses)
    {
        ArgumentNullException.ThrowIfNull(losses);
        double[][] squares = [.. passes.Keys.Select(layer => new double[layer.get_parameter("weight")!.size(0)])];
        Visit(
            losses,
            (layer, _, patches, slopes) =>
                squares[layer] = Torch.Numbers.Read(
                    patches.size(1) == 1
                        ? slopes.squeeze(1).square().t().mv(patches.squeeze(1).square().mean([1L]))
                        : slopes.transpose(1, 2).bmm(patches).square().mean([2L]).sum(dim: 0L)
                )
        );
        return squares;
    }

    /// <summary>
    /// Adds to the gradients of all parameters below the losses what an aggregator makes of the rows' gradients. An optimizer's step
    /// comes next.
    /// </summary>
    /// <param name="losses">[rows], each the loss of one row of the forward pass before, in the rows' order; their graph is used up.</param>
    /// <param name="aggregator">Weighs the rows.</param>
    /// <param name="step">Where the run stands; the start of a run when null.</param>
    /// <returns>The weight of each row.</returns>
    /// <exception cref="NonFiniteException">A row's gradient is not finite.</exception>
    public double[] Descend(Tensor losses, GramianAggregator aggregator, StepContext? step = null)
    {
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(aggregator);
        var gramian = Gramian(losses);
        var weights = new double[losses.size(0)];
        for (var row = 0; row < weights.Length; row++)
        {
            if (!double.IsFinite(gramian[row * (weights.Length + 1)]))
            {
                throw new NonFiniteException($"row {row}", "gradient");
            }
        }

        var numbers = Torch.Numbers.Read(losses);
        aggregator.Weigh(
            new GramianView(gramian, losses: numbers),
            weights,
            step ?? new StepContext { Tasks = new TaskSet(LearningTask.Regression("rows")) }
        );
        using var scope = torch.NewDisposeScope();
        losses.mul(torch.tensor(weights, dtype: losses.dtype, device: losses.device)).sum().backward();
        Forget();
        return weights;
    }

    /// <summary>Forgets the forward passes so far, for one that was not meant to count.</summary>
    public void Forget()
    {
        foreach (var ofLayer in passes.Values)
        {
            ofLayer.Clear();
        }
    }

    /// <summary>The layers below a module, and itself, that have trainable parameters of their own, each once and in its order.</summary>
    internal static IEnumerable<(string Name, Module Layer)> TrainableLayers(Module module) =>
        module
            .named_modules()
            .Prepend((module.GetName(), module))
            .Where(layer => layer.Item2.parameters(recurse: false).Any(parameter => parameter.requires_grad))
            .DistinctBy(layer => layer.Item2, ReferenceEqualityComparer.Instance);

    /// <summary>Stops listening.</summary>
    public void Dispose()
    {
        foreach (var remove in removals)
        {
            remove();
        }

        Forget();
    }

    /// <summary>Goes backwards once and shows each layer that the losses reach: its place, whether it adds a bias, its patches [rows, positions, patch] and slopes [rows, positions, channels].</summary>
    private void Visit(Tensor losses, Action<int, bool, Tensor, Tensor> look)
    {
        using var scope = torch.NewDisposeScope();
        LayerPass[] used = [.. passes.Values.SelectMany(ofLayer => ofLayer)];
        if (used.Length == 0)
        {
            throw new InvalidOperationException("Go forward through the module first, with gradients enabled.");
        }

        if (losses.dim() != 1 || Array.Exists(used, pass => pass.Output.size(0) != losses.size(0)))
        {
            throw new ArgumentException(
                $"Instance-wise losses are one for each of the {used[0].Output.size(0)} rows; got a tensor of shape {TargetShapes.Text(losses.shape)}.",
                nameof(losses)
            );
        }

        Tensor[] outputs = [.. used.Select(pass => pass.Output)];
        torch.autograd.backward([losses], [torch.ones_like(losses)], retain_graph: true, inputs: outputs);
        using var noGrad = torch.no_grad();
        for (var layer = 0; layer < passes.Count; layer++)
        {
            using var inner = torch.NewDisposeScope();
            LayerPass[] reached = [.. passes.GetAt(layer).Value.Where(pass => pass.Output.grad is not null)];
            if (reached.Length > 0)
            {
                look(
                    layer,
                    reached[0].HasBias,
                    torch.cat([.. reached.Select(pass => pass.Patches())], 1),
                    torch.cat([.. reached.Select(pass => pass.Positions(pass.Output.grad!))], 1)
                );
            }
        }

        Array.ForEach(outputs, output => output.grad = null);
    }

    /// <summary>A container may dispose what it hands from layer to layer: it gets an alias, on the graph, and the original stays here.</summary>
    private static Tensor Keep(
        List<LayerPass> ofLayer,
        Func<Tensor, Tensor, LayerPass> make,
        Tensor input,
        Tensor output
    )
    {
        output.retain_grad();
        ofLayer.Add(make(input.detach(), output));
        return output.alias();
    }

    /// <summary>By whole gradients where a row has many positions, by products of positions where it has few.</summary>
    private static Tensor OfWeights(Tensor patches, Tensor slopes)
    {
        var (rows, positions) = (patches.size(0), patches.size(1));
        if (rows * positions * positions > patches.size(2) * slopes.size(2))
        {
            var gradients = slopes.transpose(1, 2).bmm(patches).flatten(1); // [rows, channels x patch]
            return gradients.mm(gradients.t());
        }

        var ofPatches = Products(patches);
        var ofSlopes = Products(slopes);
        return ofPatches.mul(ofSlopes).view(rows, positions, rows, positions).sum([1L, 3L]);

        Tensor Products(Tensor part)
        {
            var flat = part.reshape(rows * positions, part.size(2));
            return flat.mm(flat.t());
        }
    }
}
