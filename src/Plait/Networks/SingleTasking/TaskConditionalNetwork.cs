using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.SingleTasking;

/// <summary>One encoder that acts differently for each task, and a head for each: every task has a forward pass of its own.</summary>
/// <remarks>
/// T tasks cost T passes through the encoder, and no more memory for filters than one. What stands before the first layer
/// that differs is gone through once where the tasks share their input. There is no one representation of all tasks, so
/// gradients cannot be cut.
/// </remarks>
public abstract class TaskConditionalNetwork : MultiTaskNetwork
{
    private readonly ActiveTask turn;
    private readonly Encoder encoder;
    private readonly ModuleList<TaskHead> heads;
    private readonly Module<Tensor, Tensor>[] layers; // the encoder's stages, each with what follows it
    private readonly int common; // how many of them, from the first on, are the same for all tasks

    /// <summary>Puts a head a task on an encoder.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="name">The module's name.</param>
    /// <param name="turn">Tells the encoder's layers whose turn it is.</param>
    /// <param name="encoder">The encoder, now owned by this network.</param>
    /// <param name="afterStages">What follows each stage; empty for nothing.</param>
    /// <param name="headWidths">Hidden widths of heads of linear layers; none for one layer.</param>
    /// <param name="head">What heads of dense tasks are like; <see cref="ConvolutionHead"/> when null.</param>
    private protected TaskConditionalNetwork(
        TaskSet tasks,
        string name,
        ActiveTask turn,
        Encoder encoder,
        IReadOnlyList<Module<Tensor, Tensor>> afterStages,
        int[]? headWidths,
        DenseHead? head
    )
        : base(tasks, name)
    {
        encoder.RequireShape();
        this.turn = turn;
        this.encoder = encoder;
        heads = new ModuleList<TaskHead>([.. tasks.Select(task => Head.For(task, encoder, headWidths, head))]);
        layers = afterStages.Count == 0 ? [.. encoder.Stages] : [.. encoder.Stages.Zip(afterStages).SelectMany(Both)];
        common = layers
            .TakeWhile(layer => layer is not ITaskDependent && !layer.modules().OfType<ITaskDependent>().Any())
            .Count();
        register_module("encoder", encoder);
        register_module("after_stages", new ModuleList<Module<Tensor, Tensor>>([.. afterStages]));
        register_module("heads", heads);
    }

    /// <inheritdoc/>
    public override IEnumerable<Parameter> SharedParameters
    {
        get
        {
            var own = Enumerable
                .Range(0, Tasks.Count)
                .SelectMany(OwnLayers)
                .ToHashSet<Parameter>(ReferenceEqualityComparer.Instance);
            return encoder.parameters().Where(parameter => parameter.requires_grad && !own.Contains(parameter));
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<Parameter> ParametersOf(int task) =>
        OwnLayers(task).Concat(heads[task].parameters()).Where(parameter => parameter.requires_grad);

    /// <inheritdoc/>
    public override FeatureSpec FeatureSpecOf(int task) => encoder.Output;

    /// <summary>The encoder.</summary>
    private protected Encoder Encoder => encoder;

    /// <summary>Tells the encoder's layers whose turn it is.</summary>
    private protected ActiveTask Turn => turn;

    /// <summary>The heads, one a task.</summary>
    private protected ModuleList<TaskHead> Heads => heads;

    /// <inheritdoc/>
    protected override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(outputs);
        var entered = Through(0, common, encoder.Enter(input));
        foreach (var task in tasks.Indices)
        {
            turn.Task = task;
            var features = encoder.AsFeatures(Through(common, layers.Length, entered));
            outputs.SetFeatures(task, features);
            outputs[task] = heads[task].call(features);
        }
    }

    private Tensor Through(int first, int end, Tensor input)
    {
        foreach (var layer in layers.AsSpan(first, end - first))
        {
            input = layer.call(input);
        }

        return input;
    }

    private IEnumerable<Parameter> OwnLayers(int task) =>
        modules().OfType<ITaskDependent>().SelectMany(layer => layer.ParametersOf(task));

    private static Module<Tensor, Tensor>[] Both((Module<Tensor, Tensor> Stage, Module<Tensor, Tensor> After) pair) =>
        [pair.Stage, pair.After];
}
