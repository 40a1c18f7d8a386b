using Plait.Catalogue;
using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks;

/// <summary>A network that learns several tasks. An architecture says which parameters are shared and how to go forward.</summary>
[MethodKind(MethodKind.Architecture)]
public abstract class MultiTaskNetwork : Module
{
    /// <summary>Names the network's tasks.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="name">The module's name, as state dictionaries print it.</param>
    protected MultiTaskNetwork(TaskSet tasks, string name)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        Tasks = tasks;
    }

    /// <summary>The tasks, in the order of the outputs.</summary>
    public TaskSet Tasks { get; }

    /// <summary>Where the parameters are.</summary>
    public Device Device => parameters().First().device;

    /// <summary>Computes the outputs of the selected tasks, and nothing that only the others need.</summary>
    /// <param name="batch">Inputs, for all selected tasks.</param>
    /// <param name="tasks">The tasks to compute.</param>
    public abstract TaskOutputs Forward(MultiTaskBatch batch, TaskSelection tasks);

    /// <summary>Parameters that the losses of two tasks or more touch (with one task: those that would be shared with a second).</summary>
    public abstract IEnumerable<Parameter> SharedParameters { get; }

    /// <summary>Whether a shared parameter learns; none does where the trunk is frozen.</summary>
    internal bool LearnsShared => SharedParameters.Any(parameter => parameter.requires_grad);

    /// <summary>Parameters that only the loss of the task at this place of the set touches.</summary>
    public abstract IEnumerable<Parameter> ParametersOf(int task);

    /// <summary>Whether a cut between shared and private parameters exists; see <see cref="SharedRepresentation"/>.</summary>
    public virtual bool HasSharedRepresentation => false;

    /// <summary>
    /// The size of the second axis of the shared representation, [rows, channels] or [rows, channels, height, width], where that
    /// is a single tensor; 0 where there is none, or several.
    /// </summary>
    public virtual long RepresentationChannels => 0;

    /// <summary>
    /// Whether <see cref="Forward"/> cuts the graph at the shared representation. A mode like train and eval: set by whoever
    /// takes the task gradients; outputs of a cut network do not reach the shared parameters by an ordinary backward pass.
    /// </summary>
    public bool CutsRepresentation { get; set; }

    /// <summary>
    /// The shape of one row of what the head of the task at this place of the set reads (<see cref="TaskOutputs.FeaturesOf"/>):
    /// [width], or [channels, height, width]; null where the architecture does not tell.
    /// </summary>
    public virtual IReadOnlyList<long>? FeatureShapeOf(int task) => null;

    /// <summary>
    /// The encoder whose features, and nothing else, the head of the task at this place of the set reads; null where there is no
    /// such encoder.
    /// </summary>
    public virtual Encoder? EncoderOf(int task) => null;

    /// <summary>How many times the recipe's learning rate this parameter takes; 1 unless the architecture's paper says otherwise.</summary>
    /// <remarks>With stochastic gradient descent; <see cref="AdaptiveLearningRateScaleOf"/> with an optimizer like Adam.</remarks>
    public virtual double LearningRateScaleOf(Parameter parameter) => 1;

    /// <summary>
    /// How many times the recipe's learning rate this parameter takes with an optimizer that divides each gradient by its size, such as
    /// Adam, whose steps do not shrink where gradients are small; the same as <see cref="LearningRateScaleOf"/> unless the
    /// architecture says otherwise.
    /// </summary>
    public virtual double AdaptiveLearningRateScaleOf(Parameter parameter) => LearningRateScaleOf(parameter);

    /// <summary>The weights of the shared layer next to the heads, for methods that compare the tasks' pull there.</summary>
    /// <remarks>Unless the architecture names another: the last shared parameter, in their order, that is no vector.</remarks>
    public virtual IReadOnlyList<Parameter> LastSharedLayer =>
        SharedParameters.LastOrDefault(parameter => parameter.requires_grad && parameter.dim() >= 2) is { } last
            ? [last]
            : [];

    /// <summary>Called before the forward pass of each training step, for networks that anneal or draw something by the step.</summary>
    /// <param name="step">Where the run stands.</param>
    public virtual void BeginStep(StepContext step) { }

    /// <summary>Goes through the heads, cut or not, for a network whose tasks all read one representation.</summary>
    /// <remarks>Tensors that need no gradient, such as raw inputs, are not cut: nothing trainable lies below them.</remarks>
    /// <param name="tasks">The tasks to compute.</param>
    /// <param name="head">From a task's place and the representation, in the order given, to the task's output.</param>
    /// <param name="representation">The tensors that all shared parameters act through.</param>
    protected TaskOutputs ForwardHeads(
        TaskSelection tasks,
        Func<int, IReadOnlyList<Tensor>, Tensor> head,
        params Tensor[] representation
    )
    {
        ArgumentNullException.ThrowIfNull(head);
        return ForwardParts(
            tasks,
            (outputs, task, read) =>
            {
                outputs[task] = head(task, read);
                if (read.Count == 1)
                {
                    outputs.SetFeatures(task, read[0]);
                }
            },
            representation
        );
    }

    /// <summary>Goes through the private parts, cut or not, for a network in which all shared parameters act through some tensors.</summary>
    /// <remarks>Tensors that need no gradient, such as raw inputs, are not cut: nothing trainable lies below them.</remarks>
    /// <param name="tasks">The tasks to compute.</param>
    /// <param name="answer">Sets what a task, named by its place, makes of the representation, in the order given.</param>
    /// <param name="representation">The tensors that all shared parameters act through.</param>
    protected TaskOutputs ForwardParts(
        TaskSelection tasks,
        Action<TaskOutputs, int, IReadOnlyList<Tensor>> answer,
        params Tensor[] representation
    )
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(representation);
        Tensor[] cutHere = IsCutting ? [.. representation.Where(part => part.requires_grad)] : [];
        var cut = cutHere.Length == 0 ? null : new SharedRepresentation(Tasks.Count, cutHere);
        var outputs = new TaskOutputs(tasks) { Representation = cut };
        foreach (var task in tasks.Indices)
        {
            answer(outputs, task, cut is null ? representation : Merge(representation, cut.Of(task)));
        }

        return outputs;
    }

    /// <summary>Whether this forward pass cuts the graph: it was asked to, and gradients are being recorded.</summary>
    protected bool IsCutting => CutsRepresentation && torch.is_grad_enabled();

    private static Tensor[] Merge(Tensor[] representation, IReadOnlyList<Tensor> leaves)
    {
        var next = 0;
        return [.. representation.Select(part => part.requires_grad ? leaves[next++] : part)];
    }
}
