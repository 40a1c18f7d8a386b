using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Plait.Catalogue;

namespace Plait.Cli.Tests.Documents;

/// <summary>
/// Compiles a block of C# as the program that a reader makes of it: with the namespaces that it names, or with those of Plait where it
/// names none, and what the page says is there.
/// </summary>
internal static class BlockCompiler
{
    /// <summary>What this program refers to, .NET included.</summary>
    public static IReadOnlyList<MetadataReference> References { get; } =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private static readonly string[] Implicit =
    [
        "System",
        "System.Collections.Generic",
        "System.IO",
        "System.Linq",
        "System.Threading",
        "System.Threading.Tasks",
    ];

    private static readonly Lazy<string> Usings = new(() =>
        string.Join(
            '\n',
            PlaitLibraries()
                .SelectMany(library => library.GetExportedTypes())
                .Select(type => type.Namespace)
                .Concat(Implicit)
                .Concat(["System.Text.Json", "TorchSharp"])
                .Distinct()
                .Select(name => $"using {name};")
                .Append("using static TorchSharp.torch.nn;")
                .Append("using Tensor = TorchSharp.torch.Tensor;")
        )
    );

    /// <summary>Compiles it.</summary>
    public static CompiledBlock Compile(CodeBlock block)
    {
        var lines = block.Code.Split('\n');
        string[] own =
        [
            .. lines.TakeWhile(line =>
                line.Length == 0 || line.StartsWith("using ", StringComparison.Ordinal) && !line.Contains('=')
            ),
        ];
        var text = string.Join(
            '\n',
            [
                "#pragma warning disable",
                .. own.Any(line => line.Length > 0)
                    ? Implicit.Select(name => $"using {name};").Concat(own)
                    : [Usings.Value],
                block.Given ?? "",
                $"#line {block.Line + 1 + own.Length} \"{block.Page}\"",
                .. lines.Skip(own.Length),
            ]
        );
        var tree = CSharpSyntaxTree.ParseText(text);
        var isProgram = tree.GetCompilationUnitRoot().Members.OfType<GlobalStatementSyntax>().Any();
        var compilation = CSharpCompilation.Create(
            "Block",
            [tree],
            References,
            new CSharpCompilationOptions(
                isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
                nullableContextOptions: NullableContextOptions.Enable
            )
        );
        return new CompiledBlock(compilation);
    }

    /// <summary>Compiles a library, with the namespaces of Plait.</summary>
    /// <param name="name">The assembly's.</param>
    /// <param name="text">Its only file.</param>
    /// <param name="references">What it refers to; null for all that this program does.</param>
    public static MemoryStream Library(string name, string text, IEnumerable<MetadataReference>? references = null)
    {
        MetadataReference[] all = [.. references ?? References];
        var knowsPlait = all.Any(reference => reference.Display == typeof(MethodCatalog).Assembly.Location);
        var image = new MemoryStream();
        var emitted = CSharpCompilation
            .Create(
                name,
                [
                    CSharpSyntaxTree.ParseText(
                        $"#pragma warning disable\n{(knowsPlait ? Usings.Value : "")}\n#nullable enable\n{text}"
                    ),
                ],
                all,
                new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)
            )
            .Emit(image);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
        image.Position = 0;
        return image;
    }

    private static IEnumerable<Assembly> PlaitLibraries() =>
        Directory
            .EnumerateFiles(AppContext.BaseDirectory, "Plait*.dll")
            .Select(Path.GetFileNameWithoutExtension)
            .Where(name => !name!.Contains("Tests", StringComparison.Ordinal) && name != "Plait.Cli")
            .Select(name => Assembly.Load(name!));
}

/// <summary>A block that was compiled.</summary>
internal sealed class CompiledBlock(CSharpCompilation compilation)
{
    /// <summary>What the compiler says against it, with places in the page.</summary>
    public IEnumerable<string> Errors =>
        compilation
            .GetDiagnostics()
            .Where(found => found.Severity == DiagnosticSeverity.Error)
            .Select(found => found.ToString());

    /// <summary>Runs it, and says what it printed.</summary>
    /// <param name="arguments">What stands behind its name on the command line.</param>
    public string Run(params string[] arguments)
    {
        using var image = new MemoryStream();
        Assert.True(compilation.Emit(image).Success, string.Join('\n', Errors));
        image.Position = 0;
        var entry = new AssemblyLoadContext("block", isCollectible: true).LoadFromStream(image).EntryPoint!;
        var (before, culture) = (Console.Out, CultureInfo.CurrentCulture);
        using var printed = new StringWriter();
        try
        {
            Console.SetOut(printed);
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            entry.Invoke(null, entry.GetParameters().Length == 0 ? null : [arguments]);
        }
        finally
        {
            Console.SetOut(before);
            CultureInfo.CurrentCulture = culture;
        }

        return printed.ToString().ReplaceLineEndings("\n");
    }
}
