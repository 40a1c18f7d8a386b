using System.Text.Json;
using System.Text.Json.Serialization;
using Plait.Benchmarks.Jobs;
using Plait.Reporting;

namespace Plait.Cli.Workers;

/// <summary>What a worker process is asked to do: one line of JSON.</summary>
/// <param name="Id">The run.</param>
/// <param name="Job">The training.</param>
/// <param name="Folder">The run's folder, for its checkpoints and what it keeps.</param>
internal sealed record WorkerRequest(string Id, TrainingJob Job, string Folder);

/// <summary>What a worker process answers: one line of JSON, several for one request.</summary>
internal sealed record WorkerMessage
{
    /// <summary>The share of the job's most epochs that is done, from 0 to 1.</summary>
    public double Progress { get; init; }

    public IReadOnlyList<Measurement> Measurements { get; init; } = [];

    public IReadOnlyList<Diagnostic> Diagnostics { get; init; } = [];

    public string? Notice { get; init; }

    /// <summary>The result, in the last message of a request that went well.</summary>
    public JobResult? Result { get; init; }

    /// <summary>Why it failed, in the last message of one that did not.</summary>
    public string? Failure { get; init; }
}

/// <summary>One JSON document a line.</summary>
internal static class WorkerLines
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Write<T>(T message) => JsonSerializer.Serialize(message, Json);

    public static T Read<T>(string line) => JsonSerializer.Deserialize<T>(line, Json)!;
}
