namespace Plait.Training;

/// <summary>Says how people write a setting of a <see cref="RunSpecification"/>. Options of commands, their help and their checks are made of it.</summary>
/// <param name="name">Its name, in lower case with hyphens: "batch-size".</param>
/// <param name="summary">What it does, in a sentence or two.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingAttribute(string name, string summary) : Attribute
{
    /// <summary>Its name, in lower case with hyphens.</summary>
    public string Name => name;

    /// <summary>What it does, in a sentence or two.</summary>
    public string Summary => summary;

    /// <summary>What help calls a value of it.</summary>
    public string ValueName { get; init; } = "SPEC";

    /// <summary>Of whole numbers, the least one; other numbers are above 0.</summary>
    public int Least { get; init; } = 1;

    /// <summary>Whether 0 is how people write that there is none.</summary>
    public bool ZeroIsNone { get; init; }

    /// <summary>How much of the setting one of what people write is: 1,048,576 bytes where they write MiB.</summary>
    public long Unit { get; init; } = 1;

    /// <summary>Whether it names files or folders, which are kept as absolute paths.</summary>
    public bool IsPath { get; init; }
}
