namespace Plait.Relationships.Tables;

/// <summary>Demonstrations of several tasks.</summary>
/// <param name="Name">The file, for errors.</param>
/// <param name="Observations">Names of the numbers seen at a step.</param>
/// <param name="Actions">Names of the numbers done at a step.</param>
/// <param name="Steps">Steps of each demonstration.</param>
/// <param name="Tasks">The tasks in the order of the file.</param>
public sealed record DemonstrationTable(
    string Name,
    IReadOnlyList<string> Observations,
    IReadOnlyList<string> Actions,
    int Steps,
    IReadOnlyList<DemonstratedTask> Tasks
);

/// <summary>A task and its demonstrations.</summary>
/// <param name="Name">The task's.</param>
/// <param name="Demonstrations">Each step after step: what is seen, then what is done, [steps, observations + actions].</param>
public sealed record DemonstratedTask(string Name, IReadOnlyList<double[]> Demonstrations);
