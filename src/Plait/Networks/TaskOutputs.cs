using Plait.Networks.Encoders;
using Plait.Tasks;

namespace Plait.Networks;

/// <summary>What a network says for each selected task, and where the tasks' gradients may be cut.</summary>
public sealed class TaskOutputs
{
    private readonly Tensor?[] outputs;
    private readonly Features?[] features;
    private readonly List<Tensor>?[] further;
    private readonly Tensor?[] penalties;

    /// <summary>Starts empty.</summary>
    /// <param name="tasks">The tasks that will have an output.</param>
    public TaskOutputs(TaskSelection tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        Tasks = tasks;
        outputs = new Tensor?[tasks.Tasks.Count];
        features = new Features?[tasks.Tasks.Count];
        further = new List<Tensor>?[tasks.Tasks.Count];
        penalties = new Tensor?[tasks.Tasks.Count];
    }

    /// <summary>The tasks that have an output.</summary>
    public TaskSelection Tasks { get; }

    /// <summary>The output of the task at this place of the set, [rows, channels], [rows, channels, height, width] or [rows, channels, steps].</summary>
    public Tensor this[int task]
    {
        get =>
            outputs[task]
            ?? throw new ArgumentException($"Task '{Tasks.Tasks[task].Name}' was not selected and has no output.");
        set => outputs[task] = value;
    }

    /// <summary>The output of a task.</summary>
    public Tensor this[LearningTask task] => this[Tasks.Tasks.IndexOf(task)];

    /// <summary>
    /// What the head of the task at this place of the set read; null where the architecture does not tell, or the task was not selected.
    /// </summary>
    public Features? FeaturesOf(int task) => features[task];

    /// <summary>Tells what the head of the task at this place of the set read; see <see cref="FeaturesOf"/>.</summary>
    public void SetFeatures(int task, Features read) => features[task] = read;

    /// <summary>Further answers of the task at this place of the set, which learn from its targets as well and are not its output.</summary>
    public IReadOnlyList<Tensor> AuxiliaryOutputsOf(int task) => further[task] ?? [];

    /// <summary>Adds a further answer, of the shape of the output, such as that of another trunk or of an earlier layer.</summary>
    public void AddAuxiliary(int task, Tensor output) => (further[task] ??= []).Add(output);

    /// <summary>What the loss of the task at this place of the set gains for how its output came about; null for nothing.</summary>
    public Tensor? PenaltyOf(int task) => penalties[task];

    /// <summary>Adds a cost of how a task's output came about, a scalar, to the loss that the task learns from; metrics do not see it.</summary>
    /// <remarks>
    /// For terms of an architecture's own objective, such as that its gates be few, which may depend on the rows of the batch. A term of
    /// parameters that several tasks share is divided among the tasks of the pass.
    /// </remarks>
    public void AddPenalty(int task, Tensor penalty) =>
        penalties[task] = penalties[task] is { } before ? before.add(penalty) : penalty;

    /// <summary>Whether this pass is to be cut at the shared representation; see <see cref="MultiTaskNetwork.Forward(Data.MultiTaskBatch, TaskSelection, bool)"/>.</summary>
    public bool Cuts { get; init; }

    /// <summary>The cut between the shared and the private part; null where the network has none, or was not asked for it.</summary>
    public SharedRepresentation? Representation { get; internal set; }
}
