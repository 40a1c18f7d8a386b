namespace Plait.Data;

/// <summary>Rows of several named parts, of which a row may lack some.</summary>
/// <param name="Parts">What each part is, by its name.</param>
public sealed record PartsInput(IReadOnlyDictionary<string, InputSpec> Parts) : InputSpec
{
    /// <inheritdoc/>
    public override string Text =>
        $"parts ({string.Join("; ", Parts.Select(part => $"{part.Key}: {part.Value.Text}"))})";

    /// <inheritdoc/>
    public override long Numbers => Parts.Values.Sum(part => part.Numbers);

    internal override IEnumerable<(string Name, InputSpec Spec)> Named => Parts.Select(part => (part.Key, part.Value));

    /// <inheritdoc/>
    public override InputSpec? With(InputSpec other)
    {
        if (other is not PartsInput { Parts: var theirs } || !Parts.Keys.ToHashSet().SetEquals(theirs.Keys))
        {
            return null;
        }

        var both = Parts.ToDictionary(part => part.Key, part => part.Value.With(theirs[part.Key]));
        return both.ContainsValue(null) ? null : new PartsInput(both!);
    }

    /// <inheritdoc/>
    public bool Equals(PartsInput? other) =>
        other is not null
        && Parts.Count == other.Parts.Count
        && Parts.All(part => other.Parts.TryGetValue(part.Key, out var theirs) && theirs == part.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => Parts.Keys.Order(StringComparer.Ordinal).Aggregate(0, HashCode.Combine);

    /// <inheritdoc/>
    public override string? FaultOf(BatchInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        foreach (var (name, spec) in Parts)
        {
            if (input.Parts.All(part => part.Name != name))
            {
                return $"The part '{name}' is expected ({spec.Text}); these rows have {input.PartNames}.";
            }

            if (spec.FaultOf(input.Part(name)) is { } fault)
            {
                return $"Part '{name}': {fault}";
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override void Require(BatchInput input)
    {
        base.Require(input);
        foreach (var (name, spec) in Parts)
        {
            spec.Require(input.Part(name));
        }
    }
}
