using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using System.Xml.Linq;
using Plait.Jobs.Runs;
using Plait.Reporting.Plots;
using static Plait.Reporting.Plots.Markup;

namespace Plait.Reporting.Html;

/// <summary>What a run is, in words: its head, its specification, its trainings.</summary>
internal static class RunFacts
{
    private static readonly string[] TrainingColumns = ["Run", "Recipe", "Status", "Seconds", "Parameters"];

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All), // The page escapes what HTML cares about.
    };

    /// <summary>The title and the facts below it.</summary>
    public static XElement Head(string title, RunRecord run, params (string Name, string Value)[] more)
    {
        (string Name, string Value)[] facts =
        [
            ("Run", run.Id),
            ("Status", run.Status.ToString().ToLowerInvariant()),
            ("Started", Format.Time(run.Created)),
            .. run.Seconds > 0 ? [("Took", $"{Format.Seconds(run.Seconds)} s")] : Array.Empty<(string, string)>(),
            .. run.Parameters > 0 ? [("Parameters", Format.Count(run.Parameters))] : Array.Empty<(string, string)>(),
            .. more,
        ];
        return Element(
            "header",
            Element("h1", title),
            Element("dl", facts.Select(fact => Element("div", Element("dt", fact.Name), Element("dd", fact.Value)))),
            run.Status is RunStatus.Finished
                ? null
                : Classed(
                    "p",
                    "warning",
                    run.Error
                        ?? $"This run is {run.Status.ToString().ToLowerInvariant()}: its numbers are not complete."
                )
        );
    }

    /// <summary>The run's specification, folded away.</summary>
    public static XElement? Specification(RunRecord run)
    {
        if (string.IsNullOrWhiteSpace(run.Specification))
        {
            return null;
        }

        return Section(
            "Specification",
            Element(
                "details",
                Element("summary", "All that is needed to repeat this run"),
                Element("pre", Indented(run.Specification))
            )
        );
    }

    /// <summary>The trainings of a comparison, one row each.</summary>
    public static XElement? Trainings(IReadOnlyList<RunRecord> children)
    {
        if (children.Count == 0)
        {
            return null;
        }

        return Section(
            "Trainings",
            Element(
                "details",
                children.Any(child => child.Status != RunStatus.Finished) ? new XAttribute("open", "open") : null,
                Element("summary", $"{children.Count} trainings"),
                Classed(
                    "div",
                    "scroll",
                    Classed(
                        "table",
                        "plain",
                        Element("thead", Element("tr", TrainingColumns.Select(name => Element("th", name)))),
                        Element("tbody", children.Select(Training))
                    )
                )
            )
        );
    }

    private static XElement Training(RunRecord run) =>
        Element(
            "tr",
            Element("td", run.Id),
            Element("td", run.Name),
            Element(
                "td",
                run.Status.ToString().ToLowerInvariant(),
                run.Error is null ? null : Classed("span", "sub", run.Error)
            ),
            Classed("td", "number", Format.Seconds(run.Seconds)),
            Classed("td", "number", Format.Count(run.Parameters))
        );

    private static string Indented(string specification)
    {
        try
        {
            using var document = JsonDocument.Parse(specification);
            return JsonSerializer.Serialize(document.RootElement, Readable);
        }
        catch (JsonException)
        {
            return specification;
        }
    }
}
