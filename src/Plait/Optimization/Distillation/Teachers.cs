using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Tasks;

namespace Plait.Optimization.Distillation;

/// <summary>The teachers of a run. Those that know a task of the same name are that task's ensemble.</summary>
/// <remarks>
/// Their answers to a batch are computed once a forward pass, for all tasks of it and for every method that was given the same
/// teachers, and die with the dispose scope around the pass.
/// </remarks>
public sealed class Teachers : IDisposable
{
    private readonly Teacher[] teachers;
    private readonly TaskOutputs?[] answers; // of the last pass, one a teacher, in the places of the student's tasks
    private ForwardResult? answered;

    /// <summary>Gathers teachers.</summary>
    /// <param name="teachers">One or more, owned by this instance from now on.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public Teachers(params IEnumerable<Teacher> teachers)
    {
        this.teachers = [.. teachers];
        if (this.teachers.Length == 0)
        {
            throw new ArgumentException("There is no teacher; give at least one.", nameof(teachers));
        }

        answers = new TaskOutputs?[this.teachers.Length];
    }

    /// <summary>Makes teachers of networks, owned by the result from now on.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Teachers Of(params IEnumerable<MultiTaskNetwork> networks) =>
        new(networks.Select(network => new Teacher(network)));

    /// <summary>The teachers that know a task of this name.</summary>
    public IEnumerable<Teacher> Of(LearningTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return teachers.Where(teacher => teacher.Network.Tasks.Contains(task.Name));
    }

    /// <summary>Refuses tasks that the teachers cannot teach.</summary>
    /// <param name="student">The tasks of the student; those that no teacher knows are left to their labels.</param>
    /// <exception cref="ArgumentException">A teacher knows none of them, or gives another output for one.</exception>
    public void Require(TaskSet student)
    {
        ArgumentNullException.ThrowIfNull(student);
        foreach (var teacher in teachers)
        {
            teacher.Require(student);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var teacher in teachers)
        {
            teacher.Dispose();
        }
    }

    internal void Begin(MultiTaskNetwork student)
    {
        Require(student.Tasks);
        answered = null;
        foreach (var teacher in teachers)
        {
            teacher.Begin(student.Device);
        }
    }

    /// <summary>What each teacher of a task says of a batch; a new dispose scope must not be opened before the first call for a pass.</summary>
    internal IReadOnlyList<Tensor> Outputs(int task, ForwardResult pass) =>
        [.. Answers(task, pass).Select(a => a[task])];

    /// <summary>What the head of each teacher of a task reads; null where its architecture does not tell.</summary>
    internal IReadOnlyList<Features?> Features(int task, ForwardResult pass) =>
        [.. Answers(task, pass).Select(a => a.FeaturesOf(task))];

    private IEnumerable<TaskOutputs> Answers(int task, ForwardResult pass)
    {
        if (!ReferenceEquals(answered, pass))
        {
            answered = pass;
            Array.Clear(answers);
        }

        for (var i = 0; i < teachers.Length; i++)
        {
            if (teachers[i].Network.Tasks.Contains(pass.Network.Tasks[task].Name))
            {
                yield return answers[i] ??= Ask(teachers[i], pass);
            }
        }
    }

    private static TaskOutputs Ask(Teacher teacher, ForwardResult pass)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var network = teacher.Network;
        var tasks = pass.Outputs.Tasks.Where(task => network.Tasks.Contains(pass.Network.Tasks[task].Name));
        var said = network.Forward(BatchFor(teacher, pass.Batch, tasks), PlacesIn(network.Tasks, tasks));
        var answer = new TaskOutputs(tasks);
        var kept = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        foreach (var task in tasks.Indices)
        {
            var own = tasks.Tasks[task];
            var place = network.Tasks.IndexOf(own.Name);
            answer[task] = Keep(teacher.Output is { } turn ? turn(own, said[place]) : said[place]);
            if (said.FeaturesOf(place) is { } features)
            {
                answer.SetFeatures(task, new(Keep(features.Values), features.Mask is { } mask ? Keep(mask) : null));
            }
        }

        return answer;

        Tensor Keep(Tensor tensor) => kept.Add(tensor) ? tensor.MoveToOuterDisposeScope() : tensor;
    }

    private static TaskSelection PlacesIn(TaskSet own, TaskSelection student) =>
        own.Select(student.Select(task => own.IndexOf(task.Name)).Order());

    /// <summary>The student's rows under the teacher's tasks.</summary>
    private static MultiTaskBatch BatchFor(Teacher teacher, MultiTaskBatch batch, TaskSelection student)
    {
        var own = teacher.Network.Tasks;
        var places = PlacesIn(own, student);
        var inputs = new BatchInput[places.Count];
        foreach (var (input, tasks) in batch.GroupsOf(student))
        {
            var seen = teacher.Input is { } turn ? new BatchInput(turn(input.Values), input.Lengths) : input;
            foreach (var task in tasks)
            {
                inputs[places.Indices.IndexOf(own.IndexOf(task.Name))] = seen;
            }
        }

        return MultiTaskBatch.Unlabelled(places, inputs);
    }
}
