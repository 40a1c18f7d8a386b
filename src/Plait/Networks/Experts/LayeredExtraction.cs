using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using TorchSharp.Modules;

namespace Plait.Networks.Experts;

/// <summary>Layers of own and shared experts: <see cref="CustomizedGateControl"/> is one, <see cref="ProgressiveLayeredExtraction"/> several.</summary>
/// <remarks>
/// The shared gate of a layer reads the experts of all tasks, so below the last layer a task's own experts feel the losses of all. A task
/// has to itself its own experts and gate of the last layer, and its gate of the layer before, which only those read.
/// </remarks>
public abstract class LayeredExtraction : ExpertNetwork, IParallelLayers
{
    private readonly ModuleList<ExtractionLayer> layers;
    private readonly int ownExperts;
    private readonly int axes; // of a row's features

    /// <summary>Puts extraction layers and heads on an encoder.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="encoder">What the first layer reads, now owned by this network.</param>
    /// <param name="name">The module's name.</param>
    /// <param name="layers">How many layers, 1 or more.</param>
    /// <param name="ownExperts">Experts of each task in each layer, 0 or more.</param>
    /// <param name="sharedExperts">Shared experts in each layer, 1 or more.</param>
    /// <param name="expertWidths">The layers of an expert.</param>
    /// <param name="headWidths">Hidden widths of heads of linear layers.</param>
    /// <param name="head">What heads of dense tasks are like.</param>
    private protected LayeredExtraction(
        TaskSet tasks,
        Encoder encoder,
        string name,
        int layers,
        int ownExperts,
        int sharedExperts,
        int[]? expertWidths,
        int[]? headWidths,
        DenseHead? head
    )
        : base(tasks, encoder, name, ExpertGroup.Mixed(encoder, expertWidths), headWidths, head)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(layers);
        ArgumentOutOfRangeException.ThrowIfNegative(ownExperts);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sharedExperts);
        this.ownExperts = ownExperts;
        axes = encoder.OutputShape.Count;
        var widths = ExpertGroup.WidthsOr(expertWidths);
        this.layers = new ModuleList<ExtractionLayer>([
            .. Enumerable
                .Range(0, layers)
                .Select(i => new ExtractionLayer(
                    tasks.Count,
                    i == 0 ? encoder.OutputShape : ExpertGroup.Shape(encoder.OutputShape, widths[^1]),
                    ownExperts,
                    sharedExperts,
                    widths,
                    isLast: i == layers - 1
                )),
        ]);
        register_module("layers", this.layers);
    }

    /// <inheritdoc/>
    /// <remarks>Without own experts, the tasks' gates of all layers are private, and there is no cut below them all.</remarks>
    public sealed override bool HasSharedRepresentation => ownExperts > 0 || layers.Count <= 2;

    /// <inheritdoc/>
    /// <remarks>Those of the first layer: in later ones the tasks' own experts and the shared ones read different mixtures.</remarks>
    public IEnumerable<(Tensor Shared, Tensor Private)> ParallelWeights =>
        layers[0].Parallel.Select(pair => ((Tensor)pair.Shared, (Tensor)pair.Private));

    private protected sealed override long MacsOfMixing(long size) => layers.Sum(layer => layer.MacsOfMixing(size));

    private protected sealed override IEnumerable<Parameter> SharedMixing
    {
        get
        {
            for (var i = 0; i < layers.Count; i++)
            {
                for (var task = 0; task < Tasks.Count && i < layers.Count - 1; task++)
                {
                    foreach (var parameter in layers[i].OfExperts(task).Concat(SharedGates(i, task)))
                    {
                        yield return parameter;
                    }
                }

                foreach (var parameter in layers[i].OfSharedGate.Concat(layers[i].OfShared))
                {
                    yield return parameter;
                }
            }
        }
    }

    private protected sealed override IEnumerable<Parameter> PrivateMixing(int task) =>
        [
            .. Enumerable.Range(0, layers.Count).Where(i => !FeelsAll(i)).SelectMany(i => layers[i].OfGate(task)),
            .. layers[^1].OfExperts(task),
        ];

    private protected sealed override Tensor[] Consult(Tensor features)
    {
        var (own, shared) = (features, features);
        for (var i = 0; i < layers.Count - 2; i++)
        {
            var opinions = ConsultAll(layers[i], own, shared);
            (own, shared) = (
                layers[i].MixFor(own, opinions, Tasks.All.Indices),
                layers[i].MixForShared(shared, opinions)
            );
        }

        if (layers.Count == 1)
        {
            return [layers[0].ConsultShared(shared), own];
        }

        var below = ConsultAll(layers[^2], own, shared);
        Tensor[] ofOwn = below.Own is null ? [] : [below.Own];
        return [layers[^1].ConsultShared(layers[^2].MixForShared(shared, below)), own, below.Shared, .. ofOwn];
    }

    private protected sealed override Tensor Mix(
        IReadOnlyList<Tensor> parts,
        ReadOnlySpan<int> tasks,
        TaskOutputs outputs
    )
    {
        var read = parts[1].dim() == axes + 2 ? Choose(parts[1], tasks) : parts[1];
        if (layers.Count > 1)
        {
            var below = new Opinions(parts.Count > 3 ? Choose(parts[3], tasks) : null, parts[2]);
            read = layers[^2].MixFor(read, below, tasks);
        }

        return layers[^1].MixFor(read, new Opinions(layers[^1].ConsultOwn(read, tasks), parts[0]), tasks);
    }

    /// <summary>Whether the tasks' gates of a layer act on the losses of all: own experts of a layer that is not the last read what they mix.</summary>
    private bool FeelsAll(int layer) => ownExperts > 0 && layer < layers.Count - 2;

    private IEnumerable<Parameter> SharedGates(int layer, int task) =>
        FeelsAll(layer) ? layers[layer].OfGate(task) : [];

    private Opinions ConsultAll(ExtractionLayer layer, Tensor own, Tensor shared) =>
        new(layer.ConsultOwn(own, Tasks.All.Indices), layer.ConsultShared(shared));

    /// <summary>What belongs to some tasks, of [rows, tasks, ...].</summary>
    private Tensor Choose(Tensor ofAll, ReadOnlySpan<int> tasks)
    {
        if (tasks.Length == Tasks.Count)
        {
            return ofAll;
        }

        var chosen = new Tensor[tasks.Length];
        for (var i = 0; i < chosen.Length; i++)
        {
            chosen[i] = ofAll.narrow(1, tasks[i], 1);
        }

        return torch.cat(chosen, 1);
    }
}
