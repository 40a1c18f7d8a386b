using System.CommandLine;
using System.Globalization;
using Plait.Cli.Display;
using Plait.Cli.Runs;
using Plait.Relationships;
using Plait.Relationships.Plans;
using Spectre.Console;

namespace Plait.Cli.Relationships;

/// <summary>Prints affinities of tasks.</summary>
internal static class AffinityDisplay
{
    private const int MostPrinted = 10; // more do not fit across a terminal

    /// <summary>Prints finished affinities.</summary>
    public static void Show(ParseResult arguments, AnalysisOutcome outcome, bool json)
    {
        var output = arguments.InvocationConfiguration.Output;
        if (json)
        {
            output.WriteLine(outcome.Answer);
            return;
        }

        var answer = MeasuredAffinity.FromJson(outcome.Answer);
        Print(Terminal.For(output), answer.ToMatrix());
        if (answer.Predictor is { } predictor)
        {
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Predictor: {predictor.Accuracy:P0} of {predictor.Pairs} pairs predicted correctly without their target, {predictor.MajorityAccuracy:P0} by always saying the same"
                )
            );
        }

        output.WriteLine($"Run:    {outcome.Id}");
        output.WriteLine($"Report: {outcome.Report}");
    }

    /// <summary>Prints a matrix of affinities.</summary>
    public static void Print(IAnsiConsole console, AffinityMatrix affinity)
    {
        if (affinity.Count > MostPrinted)
        {
            console.WriteLine($"The affinities of {affinity.Count} tasks are in the report.");
            return;
        }

        const int Beside = 16; // columns of what stands beside the numbers, about
        var tasks = Enumerable.Range(0, affinity.Count).ToArray();
        var rows = Array.ConvertAll(tasks, row => Array.ConvertAll(tasks, by => Number(affinity, row, by)));
        var widest = rows.Max(row => row.Max(number => number.Length));
        var table = PlainTable.Create().WithText("affected / by");
        foreach (var task in affinity.Tasks)
        {
            table.WithNumbers(task, Math.Max(widest, ((console.Profile.Width - Beside) / tasks.Length) - 1));
        }

        foreach (var task in tasks)
        {
            table.AddRow([PrintableText.Escape(affinity.Tasks[task]), .. rows[task]]);
        }

        console.Write(table);
    }

    private static string Number(AffinityMatrix affinity, int row, int by) =>
        row == by ? "" : affinity[row, by].ToString("G2", CultureInfo.InvariantCulture);
}
