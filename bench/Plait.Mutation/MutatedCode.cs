using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Plait.Mutation;

/// <summary>The library with mutants in it.</summary>
internal sealed class MutatedCode
{
    private const string Library = "src/Plait";

    private readonly string root;
    private readonly CSharpCompilation original;

    /// <summary>Reads the library's code as the last build saw it.</summary>
    /// <param name="root">Of the repository.</param>
    /// <param name="built">The folder that the tests were built to.</param>
    public MutatedCode(string root, string built)
    {
        this.root = root;
        var options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);
        var files = Directory
            .EnumerateFiles(Path.Combine(root, Library), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Relative(file).StartsWith($"{Library}/bin/", StringComparison.Ordinal))
            .Where(file =>
                !Relative(file).StartsWith($"{Library}/obj/", StringComparison.Ordinal)
                || Path.GetDirectoryName(Relative(file)) == $"{Library}/obj/Release/net10.0"
            )
            .Order(StringComparer.Ordinal);
        var framework = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => path.Contains("Microsoft.NETCore.App", StringComparison.Ordinal));
        var packages = Directory
            .EnumerateFiles(built, "*.dll")
            .Where(path => !Path.GetFileName(path).StartsWith("Plait", StringComparison.Ordinal));
        var written = CSharpCompilation.Create(
            "Plait",
            files.Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), options, Relative(file))),
            framework.Concat(packages).Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                optimizationLevel: OptimizationLevel.Release,
                allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable
            )
        );
        original = Generators.Run(written, options);
    }

    /// <summary>Everything that can be changed in a folder below the library's, or in a file there.</summary>
    public IReadOnlyList<Mutant> Find(string name) =>
        [
            .. original
                .SyntaxTrees.Where(tree =>
                    $"{tree.FilePath}/".StartsWith($"{Library}/{name}/", StringComparison.Ordinal)
                )
                .SelectMany(tree => MutantFinder.In(original.GetSemanticModel(tree), tree.FilePath)),
        ];

    /// <summary>Writes the library with all mutants that the compiler takes.</summary>
    /// <returns>Those.</returns>
    /// <exception cref="InvalidOperationException">The code does not compile for another reason.</exception>
    public IReadOnlyList<Mutant> Compile(IReadOnlyList<Mutant> mutants, string assembly)
    {
        var taken = mutants.ToDictionary(mutant => mutant.Id);
        while (true)
        {
            var (compilation, written) = With([.. taken.Values]);
            using var image = new MemoryStream();
            var result = compilation.Emit(image);
            if (result.Success)
            {
                File.WriteAllBytes(assembly, image.ToArray());
                File.Delete(Path.ChangeExtension(assembly, ".pdb")); // of the library as it was
                return [.. written.Order().Select(id => taken[id])];
            }

            var errors = result.Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error).ToArray();
            var guilty = errors.SelectMany(Guilty).Distinct().ToArray();
            if (guilty.Length == 0)
            {
                throw new InvalidOperationException($"The library does not compile: {errors[0]}");
            }

            Array.ForEach(guilty, mutant => taken.Remove(mutant));
        }
    }

    private (CSharpCompilation Code, HashSet<int> Written) With(IReadOnlyList<Mutant> mutants)
    {
        var written = new HashSet<int>();
        var byFile = mutants.ToLookup(mutant => mutant.File);
        var compilation = original;
        foreach (var tree in original.SyntaxTrees.Where(tree => byFile.Contains(tree.FilePath)))
        {
            var changed = new Schemata([.. byFile[tree.FilePath]]).Visit(tree.GetRoot())!;
            written.UnionWith(Marks(changed));
            compilation = compilation.ReplaceSyntaxTree(tree, tree.WithRootAndOptions(changed, tree.Options));
        }

        var switches = CSharpSyntaxTree.ParseText(Switches.Code, (CSharpParseOptions)original.SyntaxTrees[0].Options);
        return (compilation.AddSyntaxTrees(switches), written);
    }

    /// <summary>The mutants around an error, or else all of its member.</summary>
    private static IEnumerable<int> Guilty(Diagnostic error)
    {
        var node = error.Location.SourceTree?.GetRoot().FindNode(error.Location.SourceSpan);
        int[] around =
        [
            .. (node?.AncestorsAndSelf() ?? [])
                .SelectMany(one => one.GetAnnotations(Schemata.Mark))
                .Select(Number)
                .Take(1),
        ];
        return around.Length > 0 || node?.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not { } member
            ? around
            : Marks(member);
    }

    private static IEnumerable<int> Marks(SyntaxNode node) =>
        node.GetAnnotatedNodes(Schemata.Mark).SelectMany(one => one.GetAnnotations(Schemata.Mark)).Select(Number);

    private static int Number(SyntaxAnnotation mark) => int.Parse(mark.Data!, CultureInfo.InvariantCulture);

    private string Relative(string file) => Path.GetRelativePath(root, file).Replace('\\', '/');
}
