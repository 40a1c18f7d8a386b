using System.Text.Json;
using System.Text.Json.Serialization;
using Plait.Jobs.Runs;

namespace Plait.Jobs.Workers;

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
    private const int Shown = 60; // characters of a wrong line

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        TypeInfoResolver = DataSourceKinds.Resolver(),
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    public static string Write<T>(T message) => JsonSerializer.Serialize(message, Json);

    /// <summary>Reads documents to the end. A process that is killed while it writes leaves part of a last one, which is dropped.</summary>
    /// <exception cref="InvalidDataException">A line before the last is something else.</exception>
    public static async IAsyncEnumerable<T> ReadAllAsync<T>(TextReader text, string meaning)
        where T : class
    {
        while (await text.ReadLineAsync() is { } line)
        {
            T? document = null;
            try
            {
                document = Read<T>(line, meaning);
            }
            catch (InvalidDataException)
            {
                if (await text.ReadLineAsync() is not null)
                {
                    throw;
                }
            }

            if (document is not null)
            {
                yield return document;
            }
        }
    }

    /// <summary>Reads one document.</summary>
    /// <param name="line">The document.</param>
    /// <param name="meaning">What it is to be, for the error: "a worker's request".</param>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static T Read<T>(string line, string meaning)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(line, Json) ?? throw new JsonException("null");
        }
        catch (Exception failure) when (failure is JsonException or NotSupportedException)
        {
            throw new InvalidDataException(
                $"This is not {meaning}, which is one line of JSON: {(line.Length > Shown ? $"{line[..Shown]}..." : line)}",
                failure
            );
        }
    }
}
