using System.Globalization;
using Plait.Tabular.Models;
using Plait.Torch;
using Spectre.Console;

namespace Plait.Cli.Display;

/// <summary>Draws how well a model does each target: one line a target, its metrics in one cell.</summary>
internal static class TargetTable
{
    public static void Write(IAnsiConsole console, IReadOnlyList<TargetReport> targets)
    {
        var table = PlainTable
            .Create()
            .WithText("target")
            .With("kind")
            .With("rows", right: true)
            .With("metric")
            .With("value", right: true);
        foreach (var target in targets)
        {
            table.AddRow(
                PrintableText.Escape(target.Name),
                target.Kind,
                target.Rows.ToString("#,##0", CultureInfo.InvariantCulture),
                string.Join('\n', target.Metrics.Keys.Select(PrintableText.Escape)),
                string.Join('\n', target.Metrics.Values.Select(Number))
            );
        }

        console.Write(table);
    }

    /// <summary>", weighted by w" as a heading over a table goes on; nothing where all rows counted alike.</summary>
    public static string WeighedBy(IReadOnlyList<string> columns) =>
        columns.Count == 0
            ? ""
            : $", weighted by {string.Join(", ", columns.Select(column => ForeignText.Visible(column)))}";

    /// <summary>Four digits that count: metrics of a regression may be of any size.</summary>
    private static string Number(double? value) =>
        value is not { } number ? "–"
        : Math.Abs(number) is >= 1e-3 and < 1 || number == 0 ? number.ToString("0.0000", CultureInfo.InvariantCulture)
        : number.ToString("G5", CultureInfo.InvariantCulture);
}
