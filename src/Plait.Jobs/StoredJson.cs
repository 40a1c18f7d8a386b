using System.Text.Json;
using System.Text.Json.Serialization;

namespace Plait.Jobs;

/// <summary>How plans, trainings and what they came to are written as JSON and read again.</summary>
internal static class StoredJson
{
    /// <summary>How what is to be done is written; a member that is not known is an error.</summary>
    /// <param name="indented">Whether it is laid out for people.</param>
    /// <param name="omitsNull">Whether members without a value are left out.</param>
    public static JsonSerializerOptions Plan(bool indented = true, bool omitsNull = true) =>
        new(JsonSerializerDefaults.Web)
        {
            WriteIndented = indented,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            TypeInfoResolver = DataSourceKinds.Resolver(),
            DefaultIgnoreCondition = omitsNull ? JsonIgnoreCondition.WhenWritingNull : JsonIgnoreCondition.Never,
            Converters = { new FiniteNumbers() },
        };

    /// <summary>How a table of results is written; a member that is missing is an error.</summary>
    /// <param name="indented">Whether it is laid out for people.</param>
    public static JsonSerializerOptions Table(bool indented) =>
        new(JsonSerializerDefaults.Web)
        {
            WriteIndented = indented,
            RespectRequiredConstructorParameters = true,
            RespectNullableAnnotations = true,
            Converters = { new FiniteNumbers() },
        };

    /// <summary>Reads what was written.</summary>
    /// <param name="json">The text.</param>
    /// <param name="options">How it was written.</param>
    /// <param name="what">What it is, with its article, for errors.</param>
    /// <exception cref="FormatException">The text is not that.</exception>
    public static T Read<T>(string json, JsonSerializerOptions options, string what)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            return JsonSerializer.Deserialize<T>(json, options)
                ?? throw new FormatException($"This JSON is null, not {what}.");
        }
        catch (JsonException failure) when (failure is { LineNumber: { } line, BytePositionInLine: { } position })
        {
            throw new FormatException(
                $"This JSON is not {what}: line {line + 1} goes wrong at byte {position + 1}",
                failure
            );
        }
        catch (Exception failure) when (failure is JsonException or NotSupportedException)
        {
            throw new FormatException($"This JSON is not {what}: {failure.Message}", failure);
        }
    }
}
