using System.Text.Json;
using Plait.Tasks;

namespace Plait.Tabular.Features;

/// <summary>Writes and reads a preprocessing as JSON with a version.</summary>
internal static class PreprocessingJson
{
    private const int Version = 1;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = false,
    };

    public static string Write(Preprocessing preprocessing) =>
        JsonSerializer.Serialize(
            new Document(Version, preprocessing.Schema, preprocessing.Features, preprocessing.Targets),
            Options
        );

    public static Preprocessing Read(string json, string source)
    {
        Document document;
        try
        {
            document = JsonSerializer.Deserialize<Document>(json, Options)!;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw Damaged(source, e);
        }

        if (document?.Version is { } version and not Version)
        {
            throw TableException.At(
                source,
                null,
                null,
                $"the preprocessing is of version {version}, but this program reads version {Version}; use the program that wrote it, or train anew."
            );
        }

        return
            document is { Version: not null, Schema: { } schema, Features: { } features, Targets: { } targets }
            && Fits(schema, features, targets)
            ? new Preprocessing(schema, features, targets)
            : throw Damaged(source, null);
    }

    private static bool Fits(
        TableSchema schema,
        IReadOnlyList<FeatureEncoding> features,
        IReadOnlyList<TargetEncoding> targets
    ) =>
        features.Count == schema.Features.Count
        && targets.Count == schema.Targets.Count
        && features
            .Zip(schema.Features)
            .All(pair =>
                pair.First is not null
                && pair.Second is not null
                && pair.First.Name == pair.Second.Name
                && pair.First is NumericEncoding == pair.Second.IsNumeric
            )
        && targets
            .Zip(schema.Targets)
            .All(pair =>
                pair.First is not null
                && pair.Second is not null
                && pair.First.Name == pair.Second.Name
                && pair.First.Kind == pair.Second.Kind
                && AnswerKinds.Named(pair.First.Kind) is not null
            );

    public static TableException Damaged(string source, Exception? cause) =>
        TableException.At(
            source,
            null,
            null,
            "this is no preprocessing of a trained model, or it is damaged; copy the model's folder again, or train anew.",
            cause
        );

    private sealed record Document(
        int? Version,
        TableSchema? Schema,
        IReadOnlyList<FeatureEncoding>? Features,
        IReadOnlyList<TargetEncoding>? Targets
    );
}
