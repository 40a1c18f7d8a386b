using Plait.Tabular;

namespace Plait.Relationships.Tables;

/// <summary>Where in a row of a table of demonstrations what stands.</summary>
/// <param name="Task">The field of the task's name.</param>
/// <param name="Demonstration">The field of the demonstration's name.</param>
/// <param name="Step">The field of the step's number.</param>
/// <param name="Observations">The columns of what is seen.</param>
/// <param name="Numbers">The fields of what is seen, then of what is done.</param>
internal sealed record DemonstrationPlaces(
    int Task,
    int Demonstration,
    int Step,
    IReadOnlyList<string> Observations,
    IReadOnlyList<int> Numbers
)
{
    /// <summary>Finds the columns in the header.</summary>
    /// <exception cref="TableException">One is not there, or is named for two things.</exception>
    public static DemonstrationPlaces Of(CsvRows rows, DemonstrationColumns columns)
    {
        string[] named = [columns.Task, columns.Demonstration, columns.Step, .. columns.Actions];
        var task = rows.IndexOf(columns.Task, "the column of tasks (--task-column)", isRequest: true);
        var demonstration = rows.IndexOf(
            columns.Demonstration,
            "the column of demonstrations (--demonstration-column)",
            isRequest: true
        );
        var step = rows.IndexOf(columns.Step, "the column of steps (--step-column)", isRequest: true);
        int[] actions = [.. columns.Actions.Select(name => rows.IndexOf(name, "the action", isRequest: true))];
        var observations = columns.Observations ?? [.. rows.Header.Where(name => !named.Contains(name))];
        int[] seen = [.. observations.Select(name => IndexOfObservation(rows, name))];
        if (actions.Length == 0 || seen.Length == 0)
        {
            throw TableException.At(
                rows.Name,
                null,
                null,
                actions.Length == 0
                    ? "no action is named; name one column or more with --actions."
                    : "there is no column of what is seen beside tasks, demonstrations, steps and actions; add one.",
                isRequest: true
            );
        }

        return
            named.Concat(observations).CountBy(name => name).FirstOrDefault(column => column.Value > 1)
                is { Key: { } twice }
            ? throw TableException.At(
                rows.Name,
                null,
                twice,
                "the column is named for two things; tasks, demonstrations, steps, each action and each observation have a column of their own.",
                isRequest: true
            )
            : new DemonstrationPlaces(task, demonstration, step, observations, [.. seen, .. actions]);
    }

    private static int IndexOfObservation(CsvRows rows, string name) =>
        name.Length > 0
            ? rows.IndexOf(name, "the observation", isRequest: true)
            : throw TableException.At(
                rows.Name,
                null,
                null,
                "a column has no name; name it in the first line, or name the columns that are seen with --observations."
            );
}
