using Plait.Catalogue;
using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Tasks;
using Plait.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks;

/// <summary>A network that learns several tasks. An architecture says which parameters are shared and how to go forward.</summary>
[MethodKind(MethodKind.Architecture)]
public abstract class MultiTaskNetwork : Module
{
    private FlatParameters? storage;

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

    /// <summary>What users call the network, for errors: as the catalogue does, and a network that is seen through some of its tasks by its own name.</summary>
    internal virtual string MethodName => MethodCatalog.NameOf(this);

    /// <summary>Where the parameters are.</summary>
    public Device Device => parameters().First().device;

    /// <summary>
    /// Its trainable parameters and their gradients, flat: shared ones first, then those of each task. Made at the first call, and anew
    /// when the network was moved to another type or device. Frozen parameters stay where they are.
    /// </summary>
    /// <exception cref="ArgumentException">A parameter is claimed twice, claimed by nobody, or of another type or device than the rest.</exception>
    public FlatParameters Storage
    {
        get
        {
            if (storage is { IsStale: true })
            {
                ForgetStorage();
            }

            return storage ??= NetworkStorage.Create(this);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            ForgetStorage();
        }

        base.Dispose(disposing);
    }

    /// <summary>Lets go of the storage, for when other parameters learn than before; <see cref="Storage"/> makes a new one.</summary>
    internal void ForgetStorage()
    {
        storage?.Dispose();
        storage = null;
    }

    /// <summary>Computes the outputs of the selected tasks, and nothing that only the others need.</summary>
    /// <param name="batch">Inputs, for all selected tasks.</param>
    /// <param name="tasks">The tasks to compute.</param>
    /// <param name="cut">
    /// Whether to cut the graph at the shared representation, where there is one, the tasks share their rows and gradients are recorded.
    /// An ordinary backward pass from the outputs of a cut pass does not reach the shared parameters: give the outputs to
    /// <see cref="Optimization.TaskGradients"/>.
    /// </param>
    /// <exception cref="ArgumentException">The batch has no rows for a selected task.</exception>
    public TaskOutputs Forward(MultiTaskBatch batch, TaskSelection tasks, bool cut = false)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(tasks);
        var groups = batch.GroupsOf(tasks);
        var cuts = cut && HasSharedRepresentation && groups.Count == 1 && torch.is_grad_enabled();
        var outputs = new TaskOutputs(tasks) { Cuts = cuts };
        ForwardGroups(groups, outputs);
        return outputs;
    }

    /// <summary>Computes the outputs of tasks that look at the same rows.</summary>
    /// <param name="input">The rows.</param>
    /// <param name="tasks">The tasks to compute.</param>
    /// <param name="outputs">Takes the outputs; other tasks of the pass may be in it already.</param>
    protected abstract void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs);

    /// <summary>Goes forward one group of tasks after the other. An architecture overrides it for what it computes once a pass.</summary>
    /// <param name="groups">The rows, and the tasks to compute from them.</param>
    /// <param name="outputs">Takes the outputs.</param>
    protected virtual void ForwardGroups(IReadOnlyList<InputGroup> groups, TaskOutputs outputs)
    {
        ArgumentNullException.ThrowIfNull(groups);
        foreach (var group in groups)
        {
            Forward(group.Input, group.Tasks, outputs);
        }
    }

    /// <summary>Parameters that the losses of two tasks or more touch (with one task: those that would be shared with a second).</summary>
    public abstract IEnumerable<Parameter> SharedParameters { get; }

    /// <summary>Whether a shared parameter learns; none does where the trunk is frozen.</summary>
    internal bool LearnsShared => SharedParameters.Any(parameter => parameter.requires_grad);

    /// <summary>Parameters that only the loss of the task at this place of the set touches.</summary>
    public abstract IEnumerable<Parameter> ParametersOf(int task);

    /// <summary>What a person should know of the network before it is trained, a sentence each; nothing unless the architecture says otherwise.</summary>
    public virtual IReadOnlyList<string> Notices => [];

    /// <summary>Whether a cut between shared and private parameters exists; see <see cref="SharedRepresentation"/>.</summary>
    public virtual bool HasSharedRepresentation => false;

    /// <summary>
    /// The size of the second axis of the shared representation, [rows, channels] with the axes of its layout after them, where that
    /// is a single tensor; 0 where there is none, or several.
    /// </summary>
    public virtual long RepresentationChannels => 0;

    /// <summary>
    /// What the head of the task at this place of the set reads (<see cref="TaskOutputs.FeaturesOf"/>); null where the architecture does not tell.
    /// </summary>
    public virtual FeatureSpec? FeatureSpecOf(int task) => null;

    /// <summary>
    /// The encoder whose features, and nothing else, the head of the task at this place of the set reads; null where there is no
    /// such encoder.
    /// </summary>
    public virtual Encoder? EncoderOf(int task) => null;

    /// <summary>The groups that the parameters which learn move in, each parameter in one.</summary>
    /// <remarks>
    /// Unless the architecture says otherwise: what is in encoders ("encoder"), what else is shared ("shared") and what else is a task's own
    /// ("heads.TASK"). One whose paper moves some of it faster or slower sets that apart (<see cref="NetworkGroups.SetApart"/>).
    /// </remarks>
    public virtual IReadOnlyList<ParameterGroup> ParameterGroups => NetworkGroups.Of(this);

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
    /// <param name="outputs">Takes the outputs, and what the heads read.</param>
    /// <param name="tasks">The tasks to compute.</param>
    /// <param name="head">From a task's place and the representation, in the order given, to the task's output.</param>
    /// <param name="representation">The tensors that all shared parameters act through.</param>
    protected static void ForwardHeads(
        TaskOutputs outputs,
        TaskSelection tasks,
        Func<int, IReadOnlyList<Tensor>, Tensor> head,
        params Tensor[] representation
    )
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(head);
        ForwardParts(
            outputs,
            tasks,
            (task, read) =>
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

    /// <summary>Goes through the heads, cut or not, for a network whose tasks all read the same features.</summary>
    /// <remarks>Features that need no gradient, such as raw inputs, are not cut: nothing trainable lies below them.</remarks>
    /// <param name="outputs">Takes the outputs, and what the heads read.</param>
    /// <param name="tasks">The tasks to compute.</param>
    /// <param name="head">From a task's place and the features to the task's output.</param>
    /// <param name="representation">The features, whose values all shared parameters act through.</param>
    protected static void ForwardHeads(
        TaskOutputs outputs,
        TaskSelection tasks,
        Func<int, Features, Tensor> head,
        Features representation
    )
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(representation);
        ForwardParts(
            outputs,
            tasks,
            (task, read) =>
            {
                var features = representation with { Values = read[0] };
                outputs[task] = head(task, features);
                outputs.SetFeatures(task, features);
            },
            representation.Values
        );
    }

    /// <summary>Goes through the private parts, cut or not, for a network in which all shared parameters act through some tensors.</summary>
    /// <remarks>Tensors that need no gradient, such as raw inputs, are not cut: nothing trainable lies below them.</remarks>
    /// <param name="outputs">Of this pass; says whether to cut, and takes the cut.</param>
    /// <param name="tasks">The tasks to compute.</param>
    /// <param name="answer">Sets what a task, named by its place, makes of the representation, in the order given.</param>
    /// <param name="representation">The tensors that all shared parameters act through.</param>
    protected static void ForwardParts(
        TaskOutputs outputs,
        TaskSelection tasks,
        Action<int, IReadOnlyList<Tensor>> answer,
        params Tensor[] representation
    )
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(representation);
        Tensor[] cutHere = outputs.Cuts ? [.. representation.Where(part => part.requires_grad)] : [];
        var cut = cutHere.Length == 0 ? null : new SharedRepresentation(outputs.Tasks.Tasks.Count, cutHere);
        outputs.Representation = cut;
        foreach (var task in tasks.Indices)
        {
            answer(task, cut is null ? representation : Merge(representation, cut.Of(task)));
        }
    }

    private static Tensor[] Merge(Tensor[] representation, IReadOnlyList<Tensor> leaves)
    {
        var next = 0;
        return [.. representation.Select(part => part.requires_grad ? leaves[next++] : part)];
    }
}
