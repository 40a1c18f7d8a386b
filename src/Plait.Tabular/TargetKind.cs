using System.Text.Json;
using System.Text.Json.Serialization;

namespace Plait.Tabular;

/// <summary>What a target column holds.</summary>
[JsonConverter(typeof(TargetKindConverter))]
public enum TargetKind
{
    /// <summary>Numbers.</summary>
    Regression,

    /// <summary>One of two values.</summary>
    Binary,

    /// <summary>One of several values.</summary>
    Classification,
}

/// <summary>Writes a kind as its name, wherever JSON holds one.</summary>
internal sealed class TargetKindConverter() : JsonStringEnumConverter<TargetKind>(JsonNamingPolicy.CamelCase);
