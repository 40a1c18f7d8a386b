using Plait.Tasks;

namespace Plait.Data;

/// <summary>Which tasks look at the same rows. Each stream of rows belongs to one task or to several.</summary>
/// <remarks>
/// Streams are numbered from 0 in the order of their first tasks: where all tasks share their rows there is stream 0 alone, and where each
/// brings its own, a task's stream is its place in the set.
/// </remarks>
public sealed class RowStreams
{
    private readonly int[] streamOf; // a task
    private readonly TaskSelection[] tasksOf; // a stream

    /// <summary>Says which tasks look at the same rows.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="streamOfTask">A number for each task of the set; tasks of one number look at the same rows.</param>
    /// <exception cref="ArgumentException">There is not one number a task.</exception>
    public RowStreams(TaskSet tasks, IReadOnlyList<int> streamOfTask)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(streamOfTask);
        if (streamOfTask.Count != tasks.Count)
        {
            throw new ArgumentException(
                $"{tasks.Count} tasks need as many numbers of streams; got {streamOfTask.Count}.",
                nameof(streamOfTask)
            );
        }

        Tasks = tasks;
        int[] numbers = [.. streamOfTask.Distinct()]; // in the order of first tasks
        streamOf = [.. streamOfTask.Select(number => Array.IndexOf(numbers, number))];
        tasksOf = [.. numbers.Select((_, stream) => tasks.All.Where(task => streamOf[task] == stream))];
        FirstTasks = [.. tasksOf.Select(ofStream => ofStream.Indices[0])];
    }

    /// <summary>The tasks.</summary>
    public TaskSet Tasks { get; }

    /// <summary>How many streams there are; 1 where all tasks look at the same rows.</summary>
    public int Count => tasksOf.Length;

    /// <summary>The first task of each stream, by its place in the set: it stands for all of them where their rows are asked for.</summary>
    public IReadOnlyList<int> FirstTasks { get; }

    /// <summary>Whether all tasks look at the same rows.</summary>
    public bool AreShared => Count == 1;

    /// <summary>The stream that the task at this place of the set looks at.</summary>
    public int Of(int task) => streamOf[task];

    /// <summary>The tasks that look at a stream.</summary>
    public TaskSelection TasksOf(int stream) => tasksOf[stream];

    /// <summary>All tasks look at the same rows.</summary>
    public static RowStreams Shared(TaskSet tasks) => new(tasks, new int[tasks?.Count ?? 0]);

    /// <summary>Each task has rows of its own.</summary>
    public static RowStreams PerTask(TaskSet tasks) => new(tasks, [.. Enumerable.Range(0, tasks?.Count ?? 0)]);

    /// <summary>Tasks that are given the same instance look at the same rows.</summary>
    /// <exception cref="ArgumentException">There is not one input a task.</exception>
    internal static RowStreams Of(TaskSet tasks, IReadOnlyList<BatchInput> inputs)
    {
        BatchInput[] distinct = [.. inputs.Distinct(ReferenceEqualityComparer.Instance).Cast<BatchInput>()];
        return new(tasks, [.. inputs.Select(input => Array.FindIndex(distinct, one => ReferenceEquals(one, input)))]);
    }

    /// <summary>Those of some of the tasks.</summary>
    /// <param name="tasks">The tasks that remain, as a set.</param>
    /// <param name="places">Their places in this set.</param>
    internal RowStreams SelectTasks(TaskSet tasks, IReadOnlyList<int> places) =>
        new(tasks, [.. places.Select(place => streamOf[place])]);
}
