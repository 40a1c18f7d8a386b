namespace Plait.Catalogue;

/// <summary>Says of a base class what part of a run its methods are.</summary>
/// <param name="kind">The part.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class MethodKindAttribute(MethodKind kind) : Attribute
{
    /// <summary>The part of a run.</summary>
    public MethodKind Kind { get; } = kind;
}
