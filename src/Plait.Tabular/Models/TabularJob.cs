using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Plait.Torch;
using Plait.Training;

namespace Plait.Tabular.Models;

/// <summary>A training on a table, described as data, so that it can be kept in a file, repeated and resumed.</summary>
public sealed record TabularJob
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The network and the recipe unless something else is said: one small trunk for all targets, stopped early.</summary>
    public static RunSpecification DefaultRun { get; } =
        new()
        {
            Encoder = "mlp:widths=128-64",
            Epochs = 100,
            Patience = 10,
        };

    /// <summary>The CSV file, gzipped or not.</summary>
    public required string Table { get; init; }

    /// <summary>The columns to be learned, at least one.</summary>
    public required IReadOnlyList<TargetSpecification> Targets { get; init; }

    /// <summary>What the file alone does not say of its columns.</summary>
    public TableOptions Options { get; init; } = new();

    /// <summary>The network and the recipe. Its seed also divides the rows.</summary>
    public RunSpecification Run { get; init; } = DefaultRun;

    /// <summary>The share of rows that choose the epoch, from 0 to below 1.</summary>
    public double ValidationShare { get; init; } = 0.15;

    /// <summary>The share of rows that judge the result, from 0; together with <see cref="ValidationShare"/> below 1.</summary>
    public double TestShare { get; init; } = 0.15;

    /// <summary>Threads within one operation; another number may change the last bits of the result. 1 or more.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The folder that the model is saved in; null leaves the saving to the caller.</summary>
    public string? ModelFolder { get; init; }

    /// <summary>What <see cref="ChecksumOf"/> says of the table that the training began with; null when any will do.</summary>
    public string? TableChecksum { get; init; }

    /// <summary>The SHA-256 sum of a table's file, in hexadecimal digits.</summary>
    /// <exception cref="TableException">The file is not there or cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is a pipe or a device, and a training reads its table more than once.</exception>
    public static string ChecksumOf(string table)
    {
        StoredFile.Require(table);
        using (TableFile.Open(table))
        {
            // Its errors name the file and say how to put it right.
        }

        using var file = File.OpenRead(table);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>The job as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not a job.</exception>
    public static TabularJob FromJson(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<TabularJob>(json, Json)
                ?? throw new FormatException("This JSON is null, not a training on a table.");
        }
        catch (JsonException failure)
        {
            throw new FormatException($"This JSON is not a training on a table: {failure.Message}", failure);
        }
    }
}
