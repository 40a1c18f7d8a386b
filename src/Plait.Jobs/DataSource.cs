using System.Text.Json.Serialization;
using Plait.Data.Augmentation;

namespace Plait.Jobs;

/// <summary>Where a training's data comes from, described as data.</summary>
/// <remarks>
/// A subclass has a kind (<see cref="DataSourceKindAttribute"/>), which stands first in its JSON, and is found in the assemblies that the
/// catalogue of methods reads.
/// </remarks>
public abstract record DataSource
{
    /// <summary>What people call it.</summary>
    [JsonIgnore]
    public abstract string Name { get; }

    /// <summary>How each task's targets follow when an image is changed; null where rows are no images, or targets cannot follow.</summary>
    [JsonIgnore]
    public virtual IReadOnlyDictionary<string, TargetGeometry>? Geometry => null;

    /// <summary>Whether its rows are colour images from 0 to 1.</summary>
    [JsonIgnore]
    public virtual bool HasPlainImages => false;

    /// <summary>Divides the rows, and reads them into memory where they fit.</summary>
    /// <param name="seed">What chance in the division is drawn from.</param>
    /// <param name="processes">How many processes share the machine's memory, each with data of its own.</param>
    /// <returns>The caller's to dispose.</returns>
    public abstract IDataParts Load(long seed, int processes = 1);
}
