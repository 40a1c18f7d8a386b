using Plait.Tabular;
using Plait.Tabular.Csv;

namespace Plait.Relationships.Tables;

/// <summary>Reads demonstrations from a CSV file: a row is one step of one demonstration of one task.</summary>
/// <remarks>Rows come in any order. Every number is there: a step without one of them is an error, since nothing could be done there.</remarks>
public static class DemonstrationTableReader
{
    /// <summary>Reads.</summary>
    /// <param name="path">A CSV file with a header, gzipped or not.</param>
    /// <param name="columns">Which columns hold what.</param>
    /// <exception cref="TableException">A column is missing, a number is none, a step is missing, or lengths differ; says where and what to do.</exception>
    public static DemonstrationTable Read(string path, DemonstrationColumns columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        using var rows = CsvRows.Open(path, delimiter: null);
        return Read(rows, columns);
    }

    /// <summary>Reads from a text.</summary>
    /// <param name="text">The file's content.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="columns">Which columns hold what.</param>
    /// <exception cref="TableException">As of a file.</exception>
    public static DemonstrationTable Read(TextReader text, string name, DemonstrationColumns columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        using var rows = CsvRows.Open(text, name, delimiter: null);
        return Read(rows, columns);
    }

    private static DemonstrationTable Read(CsvRows rows, DemonstrationColumns columns)
    {
        var places = DemonstrationPlaces.Of(rows, columns);
        var tasks = new List<(string Name, List<StepSequence> Demonstrations)>();
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        var sequences = new Dictionary<(string Task, string Demonstration), StepSequence>();
        while (rows.Read())
        {
            var (task, demonstration) = (NameIn(rows, places.Task), NameIn(rows, places.Demonstration));
            if (!sequences.TryGetValue((task, demonstration), out var sequence))
            {
                sequence = new StepSequence(rows.Name, columns.Step, task, demonstration);
                sequences.Add((task, demonstration), sequence);
                if (known.TryAdd(task, tasks.Count))
                {
                    tasks.Add((task, []));
                }

                tasks[known[task]].Demonstrations.Add(sequence);
            }

            sequence.Add(
                StepIn(rows, places.Step),
                rows.Line,
                [.. places.Numbers.Select(field => NumberIn(rows, field))]
            );
        }

        if (tasks.Count == 0)
        {
            throw TableException.At(
                rows.Name,
                null,
                null,
                "there is no row below the header; each is one step of a demonstration."
            );
        }

        var steps = StepsOf(rows.Name, [.. sequences.Values], columns.Steps);
        return new DemonstrationTable(
            rows.Name,
            places.Observations,
            columns.Actions,
            steps,
            [
                .. tasks.Select(task => new DemonstratedTask(
                    task.Name,
                    [.. task.Demonstrations.Select(one => one.Take(steps))]
                )),
            ]
        );
    }

    /// <summary>How many steps to take of each demonstration.</summary>
    private static int StepsOf(string name, IReadOnlyList<StepSequence> sequences, int? asked)
    {
        foreach (var sequence in sequences)
        {
            sequence.Sort();
        }

        var (shortest, longest) = (sequences.MinBy(one => one.Length)!, sequences.MaxBy(one => one.Length)!);
        if (asked > shortest.Length)
        {
            throw TableException.At(
                name,
                null,
                null,
                $"{shortest.NameWithLength}, fewer than the {asked} asked for; ask for {shortest.Length} or fewer, or leave it out."
            );
        }

        return asked is null && shortest.Length != longest.Length
            ? throw TableException.At(
                name,
                null,
                null,
                $"{shortest.NameWithLength} and {longest.NameWithLength}; make them as long, or say how many evenly spaced steps to take of each: --steps {shortest.Length} or fewer."
            )
            : asked ?? shortest.Length;
    }

    private static string NameIn(CsvRows rows, int field) =>
        rows[field] is { IsEmpty: false } name
            ? name.ToString()
            : throw rows.Error(
                field,
                "the name is missing; every row says which task and which demonstration it is a step of."
            );

    private static long StepIn(CsvRows rows, int field) =>
        Number.TryParse(rows[field], out var number) && number == Math.Floor(number) && Math.Abs(number) < int.MaxValue
            ? (long)number
            : throw rows.Error(
                field,
                $"{TableException.Quote(rows[field])} is not a whole number; number the steps of a demonstration one by one."
            );

    private static double NumberIn(CsvRows rows, int field) =>
        Number.TryParse(rows[field], out var number)
            ? double.IsFinite(number)
                ? number
                : throw rows.Error(field, $"{TableException.Quote(rows[field])} {Number.TooLarge}; correct it.")
            : throw rows.Error(
                field,
                rows[field].IsEmpty
                    ? "the number is missing; fill it in, or leave the demonstration out."
                    : $"{TableException.Quote(rows[field])} is not a number, as observations and actions are; correct it, or name the columns that are seen with --observations."
            );
}
