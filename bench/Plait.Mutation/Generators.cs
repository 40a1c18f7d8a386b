using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Plait.Mutation;

/// <summary>The SDK's source generators, which write the code behind regular expressions and the like.</summary>
internal static class Generators
{
    /// <summary>Adds what they write.</summary>
    public static CSharpCompilation Run(CSharpCompilation compilation, CSharpParseOptions options)
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!; // shared/Microsoft.NETCore.App/version
        var packs = Path.GetFullPath(Path.Combine(framework, "../../../packs/Microsoft.NETCore.App.Ref"));
        var generators = Directory
            .EnumerateFiles(packs, "*.dll", SearchOption.AllDirectories)
            .Where(path => path.Contains(Path.Combine("analyzers", "dotnet", "cs"), StringComparison.Ordinal))
            .GroupBy(Path.GetFileName)
            .Select(versions => versions.Order(StringComparer.Ordinal).Last())
            .SelectMany(path => new AnalyzerFileReference(path, new Loader()).GetGenerators(LanguageNames.CSharp));
        CSharpGeneratorDriver
            .Create(generators, parseOptions: options)
            .RunGeneratorsAndUpdateCompilation(compilation, out var whole, out _);
        return (CSharpCompilation)whole;
    }

    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath) { }

        public Assembly LoadFromPath(string fullPath) => Assembly.LoadFrom(fullPath);
    }
}
