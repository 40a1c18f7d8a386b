using System.Globalization;
using Plait.Cli.Display;
using Spectre.Console;

namespace Plait.Cli.Relationships;

/// <summary>Groupings for people: one with a line a network, several with a line each.</summary>
internal static class GroupingDisplay
{
    public static void Show(TextWriter output, IReadOnlyList<GroupingAnswer> answers)
    {
        if (answers is [var only])
        {
            ShowOne(output, only);
        }
        else
        {
            ShowAll(output, answers);
        }
    }

    private static void ShowOne(TextWriter output, GroupingAnswer answer)
    {
        var table = PlainTable
            .Create()
            .With("network", right: true)
            .With("cost", right: true)
            .WithText("tasks")
            .WithText("serves");
        for (var g = 0; g < answer.Grouping.Groups.Count; g++)
        {
            var group = answer.Grouping.Groups[g];
            var served = group.Tasks.Where(task => answer.Grouping.Serving[task] == g);
            table.AddRow(
                $"{g + 1}",
                Number(group.Cost),
                PrintableText.Escape(string.Join(", ", group.Tasks)),
                PrintableText.Escape(string.Join(", ", served))
            );
        }

        Terminal.For(output).Write(table);
        output.WriteLine($"Cost:     {Number(answer.Grouping.Cost)}");
        output.WriteLine(
            $"Total:    {Number(answer.Total)}{(answer.Split is { Length: > 0 } split ? $" on {split}" : "")}"
        );
        output.WriteLine($"Optimal:  {Standing(answer)}");
        if (answer.ReportSplit is { } report)
        {
            output.WriteLine($"Reported: {Reported(answer)} on {report}");
        }
    }

    private static void ShowAll(TextWriter output, IReadOnlyList<GroupingAnswer> answers)
    {
        var table = PlainTable
            .Create()
            .With("budget", right: true)
            .With("cost", right: true)
            .With($"total {answers[0].Split}".Trim(), right: true);
        if (answers[0].ReportSplit is { } report)
        {
            table.With($"total {report}", right: true);
        }

        table.With("optimal").WithText("networks");
        foreach (var answer in answers)
        {
            string[] cells =
            [
                Number(answer.Budget ?? answer.Grouping.Cost),
                Number(answer.Grouping.Cost),
                Number(answer.Total),
                .. answer.ReportSplit is null ? Array.Empty<string>() : [Reported(answer)],
                Standing(answer),
                string.Join(
                    "; ",
                    answer.Grouping.Groups.Select(group => $"{Size(group.Cost)}{string.Join(", ", group.Tasks)}")
                ),
            ];
            table.AddRow(Array.ConvertAll(cells, PrintableText.Escape));
        }

        Terminal.For(output).Write(table);
    }

    private static string Size(double cost) => cost == 1 ? "" : $"{Number(cost)}× ";

    private static string Reported(GroupingAnswer answer) =>
        answer.Reported is { } total ? Number(total) : "not measured for all networks";

    private static string Standing(GroupingAnswer answer) =>
        answer.Grouping.Optimal ? "yes"
        : answer is { Bound: { } bound, Gap: { } gap }
            ? string.Create(CultureInfo.InvariantCulture, $"not proved; bound {bound:0.######}, gap {100 * gap:0.##} %")
        : "no bound";

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
