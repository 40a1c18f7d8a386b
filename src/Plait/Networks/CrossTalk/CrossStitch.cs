using Plait.Catalogue;
using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.CrossTalk;

/// <summary>One network for each task; after every stage each goes on with its own learned mixture of all networks' activations.</summary>
/// <remarks>
/// Misra et al. 2016, <i>Cross-Stitch Networks for Multi-task Learning</i>, section 3. Since the last mixture reads every
/// network, every task's loss reaches all of them: a task owns only its weights of the last mixture and its head. Section 5
/// starts from single-task networks that are trained already; here the networks start fresh.
/// </remarks>
[Method(
    "cross-stitch",
    Survey = "2.1",
    Paper = "Misra et al. 2016, Cross-Stitch Networks for Multi-task Learning",
    Arxiv = "1604.03539",
    Summary = "One network a task, joined after every stage by learned linear mixtures of their activations."
)]
public sealed class CrossStitch : MultiTaskNetwork
{
    private const double StitchLearningRateScale = 100; // Misra et al., section 4: 100 to 1000 times the network's

    private readonly ModuleList<Encoder> towers;
    private readonly ModuleList<StitchUnit> units;
    private readonly ModuleList<Module<Tensor, Tensor>> heads;

    /// <summary>Joins one encoder a task.</summary>
    /// <param name="tasks">The tasks; with only one there is nothing to mix.</param>
    /// <param name="encoder">The first task's encoder, now owned by this network; the other tasks get replicas with fresh parameters.</param>
    /// <param name="own">The weight that a task's own activations start with, from 0 to 1; the others share what is left of 1.</param>
    /// <param name="channelWise">Whether every channel (as in the paper) has weights of its own, or a whole stage has the same.</param>
    /// <param name="headWidths">Hidden widths of heads of linear layers; none for one layer.</param>
    /// <param name="head">What heads of dense tasks are like; <see cref="ConvolutionHead"/> when null.</param>
    public CrossStitch(
        TaskSet tasks,
        Encoder encoder,
        double own = 0.9,
        bool channelWise = true,
        int[]? headWidths = null,
        DenseHead? head = null
    )
        : base(tasks, nameof(CrossStitch))
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentOutOfRangeException.ThrowIfNegative(own);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(own, 1);
        towers = new ModuleList<Encoder>([.. encoder.OnePerTask(tasks)]);
        units = new ModuleList<StitchUnit>([
            .. encoder
                .StageShapes.Where(_ => tasks.Count > 1)
                .Select(shape => new StitchUnit(tasks, shape[0], own, channelWise)),
        ]);
        heads = new ModuleList<Module<Tensor, Tensor>>([
            .. tasks.Select(task => Head.For(task, encoder, headWidths, head)),
        ]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IEnumerable<Parameter> SharedParameters =>
        [.. towers.SelectMany(tower => tower.parameters()), .. units.SkipLast(1).SelectMany(unit => unit.parameters())];

    /// <inheritdoc/>
    public override IEnumerable<Parameter> ParametersOf(int task) =>
        [.. units.TakeLast(1).Select(unit => unit.Row(task)), .. heads[task].parameters()];

    /// <inheritdoc/>
    public override IReadOnlyList<long> FeatureShapeOf(int task) => towers[task].OutputShape;

    /// <inheritdoc/>
    public override double LearningRateScaleOf(Parameter parameter) =>
        units.SelectMany(unit => unit.parameters()).Contains(parameter, ReferenceEqualityComparer.Instance)
            ? StitchLearningRateScale
            : 1;

    /// <summary>The weights with which a task takes in the activations of all tasks after a stage: [tasks], or [tasks, channels].</summary>
    /// <exception cref="InvalidOperationException">There is only one task.</exception>
    public Parameter StitchOf(int task, int stage) =>
        units.Count > 0
            ? units[stage].Row(task)
            : throw new InvalidOperationException("A network of one task, or without stages, has nothing to mix.");

    /// <inheritdoc/>
    public override TaskOutputs Forward(MultiTaskBatch batch, TaskSelection tasks)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(tasks);
        var outputs = new TaskOutputs(tasks);
        var shared = batch.SharesInput ? Features(batch.Input, tasks.Indices) : null;
        for (var i = 0; i < tasks.Count; i++)
        {
            var task = tasks.Indices[i];
            var features = towers[task]
                .AsFeatures(shared is null ? Features(batch.InputOf(task), [task])[0] : shared[i]);
            outputs.SetFeatures(task, features);
            outputs[task] = heads[task].call(features);
        }

        return outputs;
    }

    /// <summary>The features that some tasks' heads read. All networks are needed for it, but only those tasks' last mixtures.</summary>
    private Tensor[] Features(Tensor input, ReadOnlySpan<int> receivers)
    {
        var stages = towers[0].Stages.Count;
        Tensor[] activations = [.. towers.Select(_ => input)];
        for (var stage = 0; stage < stages; stage++)
        {
            for (var tower = 0; tower < activations.Length; tower++)
            {
                activations[tower] = towers[tower].Stages[stage].call(activations[tower]);
            }

            if (units.Count > 0)
            {
                activations = units[stage].Mix(activations, stage == stages - 1 ? receivers : Tasks.All.Indices);
            }
        }

        return activations;
    }
}
