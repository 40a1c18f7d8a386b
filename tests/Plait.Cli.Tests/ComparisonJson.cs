using System.Text.Json.Nodes;

namespace Plait.Cli.Tests;

/// <summary>The table that <c>plait compare --json</c> writes.</summary>
internal static class ComparisonJson
{
    /// <summary>Its rows.</summary>
    public static JsonNode[] Rows(Answer answer) =>
        [.. JsonNode.Parse(answer.Output)!["rows"]!.AsArray().Select(row => row!)];

    /// <summary>All of it but how long the trainings took, which no two runs have in common.</summary>
    public static string WithoutSeconds(string json)
    {
        var table = JsonNode.Parse(json)!;
        foreach (var row in table["rows"]!.AsArray())
        {
            row!.AsObject().Remove("seconds");
        }

        return table.ToJsonString();
    }
}
