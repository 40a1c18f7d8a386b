using System.Text.Json.Serialization;

namespace Plait.Tabular.Features;

/// <summary>How one column of the table becomes inputs of a network.</summary>
/// <param name="Name">The column's name.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(NumericEncoding), "numeric")]
[JsonDerivedType(typeof(CategoricalEncoding), "categorical")]
public abstract record FeatureEncoding(string Name)
{
    /// <summary>How many inputs it becomes.</summary>
    [JsonIgnore]
    public abstract int Width { get; }

    /// <summary>What each of the inputs stands for.</summary>
    [JsonIgnore]
    public abstract IEnumerable<string> InputNames { get; }
}

/// <summary>A number becomes its distance from the mean in standard deviations; a missing one becomes the mean, that is 0.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Mean">The mean of the training rows; 0 when all are missing.</param>
/// <param name="StandardDeviation">The population standard deviation of the training rows; 0 when they are constant, and then the input is always 0.</param>
/// <param name="MarksMissing">Whether a second input is 1 where the number is missing: when it is missing in some training row.</param>
public sealed record NumericEncoding(string Name, double Mean, double StandardDeviation, bool MarksMissing)
    : FeatureEncoding(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override int Width => MarksMissing ? 2 : 1;

    /// <inheritdoc/>
    [JsonIgnore]
    public override IEnumerable<string> InputNames => MarksMissing ? [Name, $"{Name} is missing"] : [Name];
}

/// <summary>A text becomes one input for each category, 1 for its own; the last input is for texts unseen in training, and missing ones.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Categories">The categories of the training rows, in ordinal order.</param>
public sealed record CategoricalEncoding(string Name, IReadOnlyList<string> Categories) : FeatureEncoding(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override int Width => Categories.Count + 1;

    /// <inheritdoc/>
    [JsonIgnore]
    public override IEnumerable<string> InputNames =>
        Categories.Select(category => $"{Name} is {category}").Append($"{Name} is unseen or missing");
}
