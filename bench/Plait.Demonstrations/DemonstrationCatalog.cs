using System.Reflection;

namespace Plait.Demonstrations;

/// <summary>All demonstrations, found in the assembly.</summary>
internal static class DemonstrationCatalog
{
    /// <summary>One of each, by name.</summary>
    public static IReadOnlyList<Demonstration> All { get; } =
    [
        .. Assembly
            .GetExecutingAssembly()
            .GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Demonstration)) && !type.IsAbstract)
            .Select(type => (Demonstration)Activator.CreateInstance(type)!)
            .OrderBy(demonstration => demonstration.Name, StringComparer.Ordinal),
    ];
}
