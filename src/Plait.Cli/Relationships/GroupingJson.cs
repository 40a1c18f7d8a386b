using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plait.Cli.Relationships;

/// <summary>Groupings as JSON: one object, or a list of them where several were asked for.</summary>
internal static class GroupingJson
{
    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(IReadOnlyList<GroupingAnswer> answers)
    {
        JsonNode node = answers is [var only] ? Object(only) : new JsonArray([.. answers.Select(Object)]);
        return node.ToJsonString(Layout);
    }

    private static JsonObject Object(GroupingAnswer answer)
    {
        var groups = answer.Grouping.Groups;
        var json = new JsonObject
        {
            ["networks"] = new JsonArray([.. groups.Select(group => Names(group.Tasks))]),
            ["cost"] = GroupingAnswer.Round(answer.Grouping.Cost),
            ["total"] = answer.Total,
            ["optimal"] = answer.Grouping.Optimal,
            ["bound"] = answer.Bound,
            ["gap"] = answer.Gap,
            ["costs"] = new JsonArray([.. groups.Select(group => (JsonNode)group.Cost)]),
            ["serving"] = new JsonObject(
                answer.Grouping.Serving.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))
            ),
            ["method"] = answer.Method,
        };
        if (answer.Budget is { } budget)
        {
            json["budget"] = budget;
            json["split"] = answer.Split is { Length: > 0 } split ? split : null;
            json["totals"] = new JsonObject(
                answer.Totals.Select(pair =>
                    KeyValuePair.Create(
                        pair.Key.Length > 0 ? pair.Key : "losses",
                        double.IsFinite(pair.Value) ? (JsonNode?)GroupingAnswer.Round(pair.Value) : null
                    )
                )
            );
            json["reported"] = answer.ReportSplit is { } report
                ? new JsonObject { ["split"] = report, ["total"] = answer.Reported }
                : null;
        }

        json["groups"] = answer.MostGroups ?? groups.Count;
        json["warnings"] = Names(answer.Warnings);
        return json;
    }

    private static JsonArray Names(IReadOnlyList<string> names) => new([.. names.Select(name => (JsonNode)name)]);
}
