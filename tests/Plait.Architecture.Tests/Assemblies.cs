using Mono.Cecil;

namespace Plait.Architecture.Tests;

/// <summary>The assemblies of the product, as they were compiled.</summary>
internal static class Assemblies
{
    /// <summary>What an assembly may use of the others.</summary>
    public static IReadOnlyDictionary<string, string[]> Below { get; } =
        new Dictionary<string, string[]>
        {
            ["Plait"] = [],
            ["Plait.Vision.ResNet18"] = ["Plait"],
            ["Plait.Jobs"] = ["Plait"],
            ["Plait.Tabular"] = ["Plait", "Plait.Jobs"],
            ["Plait.Benchmarks"] = ["Plait", "Plait.Jobs", "Plait.Tabular"],
            ["Plait.Relationships"] = ["Plait", "Plait.Jobs", "Plait.Tabular", "Plait.Benchmarks"],
            ["Plait.Reporting"] = ["Plait", "Plait.Jobs", "Plait.Tabular", "Plait.Benchmarks", "Plait.Relationships"],
            ["Plait.Cli"] =
            [
                "Plait",
                "Plait.Jobs",
                "Plait.Tabular",
                "Plait.Benchmarks",
                "Plait.Relationships",
                "Plait.Reporting",
            ],
        };

    /// <summary>Their names.</summary>
    public static TheoryData<string> Names => [.. Below.Keys];

    /// <summary>Reads one of them.</summary>
    public static AssemblyDefinition Read(string name) =>
        AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, $"{name}.dll"));
}
