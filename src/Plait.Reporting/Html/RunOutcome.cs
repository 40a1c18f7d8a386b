using System.Text.Json;
using System.Xml.Linq;
using Plait.Reporting.Plots;
using static Plait.Reporting.Plots.Markup;

namespace Plait.Reporting.Html;

/// <summary>What the result of a training says beside its metrics: the sizes of the parts, the epoch that was kept, warnings.</summary>
internal sealed class RunOutcome
{
    private static readonly string[] Parts = ["training", "validation", "test"];

    private readonly List<(string Name, string Value)> facts = [];
    private readonly List<string> warnings = [];

    private RunOutcome() { }

    /// <summary>What stands at the head of a report.</summary>
    public IReadOnlyList<(string Name, string Value)> Facts => facts;

    /// <summary>Reads a result; one of another kind, or none, says nothing.</summary>
    /// <param name="json">The result as the store keeps it; null for none.</param>
    public static RunOutcome Read(string? json)
    {
        var outcome = new RunOutcome();
        try
        {
            using var result = JsonDocument.Parse(json ?? "null");
            if (result.RootElement.ValueKind == JsonValueKind.Object)
            {
                outcome.Take(result.RootElement);
            }
        }
        catch (JsonException)
        {
            // The page says what else there is.
        }

        return outcome;
    }

    /// <summary>The warnings as a list; null where there are none.</summary>
    public XElement? Warnings() =>
        warnings.Count == 0
            ? null
            : Section("Warnings", Classed("ul", "warnings", warnings.Select(line => Element("li", line))));

    private void Take(JsonElement result)
    {
        if (Of(result, "rows", JsonValueKind.Object) is { } rows)
        {
            var sizes = Parts
                .Select(part => (part, size: Of(rows, part, JsonValueKind.Number)))
                .Where(part => part.size is not null)
                .Select(part => $"{Format.Count(part.size!.Value.GetInt64())} {part.part}");
            facts.Add(("Rows", string.Join(", ", sizes)));
        }

        if (
            Of(result, "bestEpoch", JsonValueKind.Number) is { } best
            && Of(result, "epochs", JsonValueKind.Number) is { } epochs
        )
        {
            facts.Add(("Kept", $"epoch {Format.Count(best.GetInt64())} of {Format.Count(epochs.GetInt64())}"));
        }

        if (Of(result, "warnings", JsonValueKind.Array) is { } lines)
        {
            warnings.AddRange(
                lines
                    .EnumerateArray()
                    .Where(line => line.ValueKind == JsonValueKind.String)
                    .Select(line => line.GetString()!)
            );
        }
    }

    private static JsonElement? Of(JsonElement parent, string name, JsonValueKind kind) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;
}
