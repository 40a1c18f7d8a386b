namespace Plait.Catalogue;

/// <summary>Names a method as the command line and the papers do, and gives its place in the survey.</summary>
/// <param name="name">Lower case, hyphenated, unique among methods of its kind.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class MethodAttribute(string name) : Attribute
{
    /// <summary>The name on the command line.</summary>
    public string Name { get; } = name;

    /// <summary>The section of Crawshaw 2020 that discusses the method, or where it would stand.</summary>
    public string Survey { get; init; } = "";

    /// <summary>Authors, year and title of the source.</summary>
    public string Paper { get; init; } = "";

    /// <summary>The source's arXiv number; empty where it has none.</summary>
    public string Arxiv { get; init; } = "";

    /// <summary>What it does, in one sentence.</summary>
    public string Summary { get; init; } = "";

    /// <summary>Options that it cannot do without, as they are written for three tasks: "weights=1/2/3"; empty for a method that its name alone makes.</summary>
    public string Example { get; init; } = "";
}
