using System.Reflection;
using Microsoft.CodeAnalysis;
using Plait.Catalogue;
using Plait.Cli.Tests.Documents;

namespace Plait.Cli.Tests.Catalogue;

/// <summary>Assemblies of methods that are loaded from files. Each test has a library of its own, so that no other test sees them.</summary>
public sealed class PluginTests : IDisposable
{
    private const string Method = """
        [Method("own", Survey = "3.4", Paper = "None", Summary = "Adds them up.")]
        public sealed class Own : GradientAggregator
        {
            public override Tensor Aggregate(TaskGradients gradients, StepContext step) =>
                gradients.Combine([.. Enumerable.Repeat(Factor.Value, gradients.Count)]);
        }
        """;

    private const string Constant = "public static class Factor { public static double Value => 1; }";

    private readonly Workplace workplace = new();
    private readonly Library library = new();

    public void Dispose() => workplace.Dispose();

    [Fact]
    public void A_plugin_brings_its_methods_once_however_often_it_is_loaded()
    {
        var file = Write("Plugin", $"{Method}\n{Constant}");

        library.Load(file);
        library.Load(file);

        Assert.Single(library.Methods, "own");
        Assert.Equal([file], library.Loaded);
        Assert.DoesNotContain(MethodCatalog.All, entry => entry.Name == "own");
    }

    [Fact]
    public void What_a_plugin_was_built_with_is_found_beside_it()
    {
        Write("Beside", Constant);
        var file = Write(
            "Needing",
            Method,
            [.. BlockCompiler.References, MetadataReference.CreateFromFile(workplace.File("Beside.dll"))]
        );

        library.Load(file);

        Assert.Equal("Beside", library.LoadFromAssemblyName(new AssemblyName("Beside")).GetName().Name);
    }

    [Fact]
    public void A_file_that_is_not_there_says_so() =>
        Assert.Contains(
            "there is no such plugin",
            Assert.Throws<FileNotFoundException>(() => library.Load(workplace.File("none.dll"))).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_file_that_is_no_assembly_says_so() =>
        Refused(workplace.Write("text.dll", "using System;"), "is no .NET assembly");

    [Fact]
    public void An_assembly_that_has_nothing_to_do_with_Plait_says_so() =>
        Refused(
            Write("Other", "public sealed class Nothing;", [Runtime]),
            "holds no methods: it does not refer to Plait"
        );

    [Fact]
    public void An_assembly_without_methods_says_so() =>
        Refused(
            Write(
                "Empty",
                "public sealed class Names { public string Of(object method) => MethodCatalog.NameOf(method); }"
            ),
            "holds no methods: none of its classes has [Method]"
        );

    [Theory]
    [InlineData(".NETCoreApp,Version=v99.0", ".NETCoreApp 99.0")]
    [InlineData(".NETFramework,Version=v4.8", ".NETFramework 4.8")]
    public void An_assembly_for_another_framework_says_so(string framework, string said) =>
        Refused(
            Write(
                "Foreign",
                $"[assembly: System.Runtime.Versioning.TargetFramework(\"{framework}\")]\n{Method}\n{Constant}"
            ),
            $"is built for {said}, and this program runs on .NET 1"
        );

    [Theory]
    [InlineData("1.0.0.0")]
    [InlineData("0.0.9.0")]
    [InlineData("0.1.7.0")]
    public void An_assembly_for_another_version_of_Plait_says_so(string version)
    {
        using var other = BlockCompiler.Library(
            "Plait",
            $"[assembly: System.Reflection.AssemblyVersion(\"{version}\")]\npublic class Base;",
            [Runtime]
        );

        Refused(
            Write("Older", "public sealed class Own : Base;", [Runtime, MetadataReference.CreateFromStream(other)]),
            $"is built against Plait {version[..^2]}, and this is 0.1.0; build it against this version"
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("[assembly: PlaitMethods]\n")]
    public void A_name_that_is_taken_says_so(string mark)
    {
        var before = library.Methods;

        Refused(
            Write("Twin", $"{mark}{Method.Replace("\"own\"", "\"pcgrad\"", StringComparison.Ordinal)}\n{Constant}"),
            "are both called 'pcgrad' (aggregator); rename one of them."
        );

        Assert.Equal(before, library.Methods);
    }

    private static MetadataReference Runtime => MetadataReference.CreateFromFile(typeof(object).Assembly.Location);

    private void Refused(string file, string says)
    {
        var message = Assert.Throws<InvalidDataException>(() => library.Load(file)).Message;
        Assert.StartsWith(file, message, StringComparison.Ordinal);
        Assert.Contains(says, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.Empty(library.Loaded);
    }

    private string Write(string name, string text, IEnumerable<MetadataReference>? references = null)
    {
        using var image = BlockCompiler.Library(name, text, references);
        File.WriteAllBytes(workplace.File($"{name}.dll"), image.ToArray());
        return workplace.File($"{name}.dll");
    }
}
