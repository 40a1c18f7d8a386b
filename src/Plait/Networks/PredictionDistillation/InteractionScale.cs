using Plait.Networks.Encoders;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.PredictionDistillation;

/// <summary>The part of MTI-Net at one scale: what each task makes of the encoder's map, its early prediction, and the exchange.</summary>
internal sealed class InteractionScale : Module
{
    private readonly ModuleList<Module<Tensor, Tensor>> refinements;
    private readonly ModuleList<Module<Tensor, Tensor>> predictions;
    private readonly ModuleList<DistillationUnit> units;
    private readonly FeaturePropagation? propagation;
    private readonly int[] receivers;

    /// <summary>Builds the blocks.</summary>
    /// <param name="inputs">Channels of the encoder's map and of what the coarser scale hands on, together.</param>
    /// <param name="channels">Channels of a task's features.</param>
    /// <param name="predictions">One a task.</param>
    /// <param name="receivers">The positions of the tasks that hear of the others.</param>
    /// <param name="isFinest">Whether there is no finer scale to hand something on to.</param>
    public InteractionScale(
        long inputs,
        long channels,
        ModuleList<Module<Tensor, Tensor>> predictions,
        int[] receivers,
        bool isFinest
    )
        : base(nameof(InteractionScale))
    {
        var tasks = predictions.Count;
        this.predictions = predictions;
        this.receivers = receivers;
        refinements = new ModuleList<Module<Tensor, Tensor>>([
            .. predictions.Select(_ =>
                Sequential(new BasicBlock(inputs, channels), new BasicBlock(channels, channels))
            ),
        ]);
        units = new ModuleList<DistillationUnit>([
            .. receivers.Select(task => new DistillationUnit(tasks, task, channels)),
        ]);
        propagation = isFinest ? null : new FeaturePropagation(tasks, channels);
        RegisterComponents();
    }

    /// <summary>Parameters that only the loss of the task at this position touches, where there are two or more.</summary>
    public IEnumerable<Parameter> ParametersOf(int task) =>
        [.. predictions[task].parameters(), .. UnitOf(task)?.parameters() ?? []];

    /// <summary>The parameters that make a task's features at this scale.</summary>
    public IEnumerable<Parameter> FeatureParametersOf(int task) => refinements[task].parameters();

    /// <summary>The parameters with which a task alone takes of what all tasks hand on to the finer scale.</summary>
    public IEnumerable<Parameter> SelectionParametersOf(int task) => propagation?.SelectionParametersOf(task) ?? [];

    /// <summary>Each task's features at this scale.</summary>
    /// <param name="map">The encoder's map.</param>
    /// <param name="coarser">What the coarser scale hands on, one map a task; null at the coarsest.</param>
    public Tensor[] Features(Tensor map, IReadOnlyList<Tensor>? coarser)
    {
        var (height, width) = (map.size(2), map.size(3));
        return
        [
            .. refinements.Select(
                (refinement, task) =>
                    refinement.call(
                        coarser is null ? map : torch.cat([map, Enlargement.Resize(coarser[task], height, width)], 1)
                    )
            ),
        ];
    }

    /// <summary>What the tasks hand on to the finer scale; null at the finest.</summary>
    public Tensor[]? Propagate(IReadOnlyList<Tensor> features) => propagation?.Propagate(features);

    /// <summary>A task's early prediction, at this scale's size.</summary>
    public Tensor Predict(int task, Tensor features) => predictions[task].call(features);

    /// <summary>A task's features with what the other tasks add to them.</summary>
    public Tensor Refine(int task, IReadOnlyList<Tensor> features) => UnitOf(task)!.Refine(features);

    private DistillationUnit? UnitOf(int task)
    {
        var place = Array.IndexOf(receivers, task);
        return place < 0 ? null : units[place];
    }
}
