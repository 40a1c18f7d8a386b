using System.Text.Encodings.Web;
using System.Text.Json;
using Plait.Tabular.Models;

namespace Plait.Cli.Runs;

/// <summary>What a training on a table came to: what <c>train --json</c> prints and the store keeps.</summary>
internal sealed record TableOutcome
{
    public required string Run { get; init; }

    /// <summary>The folder of the model.</summary>
    public required string Model { get; init; }

    /// <summary>The CSV file.</summary>
    public required string Table { get; init; }

    public required TableParts Rows { get; init; }

    public required long Parameters { get; init; }

    /// <summary>Epochs trained.</summary>
    public required int Epochs { get; init; }

    /// <summary>The epoch that was kept, from 1.</summary>
    public required int BestEpoch { get; init; }

    public required bool StoppedEarly { get; init; }

    public required int SkippedSteps { get; init; }

    /// <summary>How far the tasks' gradients agreed where they were looked at, from 0 to 1, on average; null where no two were.</summary>
    public double? Compliance { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Test metrics; empty without test rows.</summary>
    public required IReadOnlyList<TargetReport> Targets { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The columns that weighed the rows.</summary>
    public IReadOnlyList<string> Weights { get; init; } = [];

    public string ToJson() => TableJson.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static TableOutcome FromJson(string json) => TableJson.Read<TableOutcome>(json);
}

/// <summary>Rows of each part of a table.</summary>
internal sealed record TableParts(int Training, int Validation, int Test);

/// <summary>How the table commands write JSON: indented, camel case, letters of every alphabet as they are.</summary>
internal static class TableJson
{
    private static readonly JsonSerializerOptions Layout = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Layout);

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Layout)!;
}
