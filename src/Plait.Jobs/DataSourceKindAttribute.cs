namespace Plait.Jobs;

/// <summary>Names a kind of data source: <c>[DataSourceKind("table")]</c>.</summary>
/// <remarks>The assembly says that it brings something (<c>[assembly: PlaitMethods]</c>), or is added to the catalogue of methods.</remarks>
/// <param name="kind">What stands for it in the JSON of jobs and plans; no other has it.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class DataSourceKindAttribute(string kind) : Attribute
{
    /// <summary>What stands for it in JSON.</summary>
    public string Kind { get; } = kind;
}
