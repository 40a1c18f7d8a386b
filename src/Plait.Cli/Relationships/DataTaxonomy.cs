using System.CommandLine;
using System.Globalization;
using Plait.Cli.Display;
using Plait.Cli.Runs;
using Plait.Relationships.Plans;
using Spectre.Console;

namespace Plait.Cli.Relationships;

/// <summary>Prints a taxonomy that was found out by training.</summary>
internal static class DataTaxonomy
{
    /// <summary>Prints it.</summary>
    public static void Show(ParseResult arguments, AnalysisOutcome outcome, bool json)
    {
        var output = arguments.InvocationConfiguration.Output;
        if (json)
        {
            output.WriteLine(outcome.Answer);
            return;
        }

        var taxonomy = MeasuredTaxonomy.FromJson(outcome.Answer);
        var table = PlainTable
            .Create()
            .WithText("target")
            .WithText("learned from")
            .With("gain", right: true)
            .With("quality", right: true);
        foreach (var (target, sources) in taxonomy.Policy)
        {
            table.AddRow(
                PrintableText.Escape(target),
                sources.Contains(target) ? "its own labels" : PrintableText.Escape(string.Join(" + ", sources)),
                Percent(taxonomy.Gain[target]),
                Percent(taxonomy.Quality[target])
            );
        }

        Terminal.For(output).Write(table);
        output.WriteLine(
            $"Supervise {string.Join(", ", taxonomy.Sources)}; affinities add up to {taxonomy.Total.ToString("F4", CultureInfo.InvariantCulture)}."
        );
        output.WriteLine(
            $"{taxonomy.Trainings} trainings took {taxonomy.Seconds.ToString("F0", CultureInfo.InvariantCulture)} s."
        );
        output.WriteLine($"Run:    {outcome.Id}");
        output.WriteLine($"Report: {outcome.Report}");
    }

    private static string Percent(double share) => (100 * share).ToString("F0", CultureInfo.InvariantCulture) + " %";
}
