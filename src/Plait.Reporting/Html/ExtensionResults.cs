using System.Xml.Linq;
using Plait.Benchmarks.Extension;
using Plait.Reporting.Plots;
using static Plait.Reporting.Plots.Markup;

namespace Plait.Reporting.Html;

/// <summary>What networks reach on all of their tasks, once they have learned further ones.</summary>
internal static class ExtensionResults
{
    private static readonly string[] Columns = ["Task", "Learned", "Metric", "Test"];

    /// <summary>What stands at the head of a report; nothing where there is no table.</summary>
    public static IEnumerable<(string Name, string Value)> Facts(ExtensionTable? table) =>
        table is null
            ? []
            :
            [
                ("Goes on from", table.From),
                ("Recipe", table.Recipe),
                ("Seeds", string.Join(", ", table.Seeds)),
                ("Parameters added", Format.Count(table.Parameters)),
            ];

    /// <summary>The table: a row a task.</summary>
    public static XElement Draw(ExtensionTable table) =>
        Section(
            "Test metrics",
            Classed(
                "div",
                "scroll",
                Classed(
                    "table",
                    "plain",
                    Element("thead", Element("tr", Columns.Select(name => Element("th", name)))),
                    Element("tbody", table.Tasks.Select(Row))
                )
            ),
            Classed(
                "p",
                "note",
                table.Seeds.Count == 1
                    ? "With the one seed. Tasks that were there before answer bit for bit as they did."
                    : $"The mean over {table.Seeds.Count} seeds, and below it the standard deviation. Tasks that were there before answer bit for bit as they did."
            )
        );

    private static XElement Row(ExtendedTask task) =>
        Element(
            "tr",
            Element("th", new XAttribute("scope", "row"), task.Name),
            Element("td", task.IsNew ? "here" : "before"),
            Element("td", $"{task.Metric} {(task.HigherIsBetter ? '↑' : '↓')}"),
            Classed(
                "td",
                "number",
                Format.Metric(task.Primary.Mean),
                task.Metrics.Count > 1 ? Classed("span", "sub", $"± {Format.Metric(task.Primary.Std)}") : null
            )
        );
}
