using Mono.Cecil;
using Plait.Testing;

namespace Plait.Architecture.Tests;

/// <summary>Dependencies point down, as the compiled code has them: between assemblies, floors and folders.</summary>
public sealed class DependencyTests
{
    /// <summary>The floors of the library, lowest first; a floor may use those below it and itself.</summary>
    private static readonly string[] Floors =
    [
        "Numerics",
        "Torch",
        "Catalogue",
        "Tasks",
        "Data",
        "Networks",
        "Optimization",
        "Training",
        "Relationships",
        "Clustering",
    ];

    public static TheoryData<string> FloorNames => [.. Floors];

    public static TheoryData<string> AssemblyNames => Assemblies.Names;

    [Fact]
    public void Every_project_is_looked_at() =>
        Assert.Equal(
            Assemblies.Below.Keys.Order(),
            Directory.GetDirectories(Path.Combine(Checkout.Root, "src")).Select(Path.GetFileName).Order()
        );

    [Theory]
    [MemberData(nameof(AssemblyNames))]
    public void An_assembly_uses_those_below_it(string name)
    {
        using var assembly = Assemblies.Read(name);
        var used = assembly
            .MainModule.AssemblyReferences.Select(reference => reference.Name)
            .Where(used => used == "Plait" || used.StartsWith("Plait.", StringComparison.Ordinal));
        Assert.All(used, other => Assert.Contains(other, Assemblies.Below[name]));
    }

    [Fact]
    public void The_library_uses_TorchSharp_and_nothing_else()
    {
        using var assembly = Assemblies.Read("Plait");
        var used = assembly
            .MainModule.AssemblyReferences.Select(reference => reference.Name)
            .Where(used => used != "netstandard" && !used.StartsWith("System.", StringComparison.Ordinal));
        Assert.Equal(["TorchSharp"], used);
    }

    [Fact]
    public void Every_namespace_of_the_library_stands_on_a_floor()
    {
        using var assembly = Assemblies.Read("Plait");
        Assert.All(CompiledCode.TypesOf(assembly), type => Assert.Contains(FloorOf(type), Floors));
    }

    [Theory]
    [MemberData(nameof(FloorNames))]
    public void A_floor_uses_those_below_it(string floor)
    {
        var allowed = Floors.TakeWhile(below => below != floor).Append(floor).ToArray();
        using var assembly = Assemblies.Read("Plait");
        var upward = CompiledCode
            .ReferencesOf(assembly)
            .Where(reference => FloorOf(reference.From) == floor && IsOurs(reference.To))
            .Where(reference => !allowed.Contains(FloorOf(reference.To)));
        Assert.Empty(upward);
    }

    [Theory]
    [MemberData(nameof(AssemblyNames))]
    public void No_folder_uses_one_that_uses_it(string name)
    {
        using var assembly = Assemblies.Read(name);
        var own = CompiledCode.TypesOf(assembly).Select(type => type.FullName).ToHashSet();
        var references = CompiledCode
            .ReferencesOf(assembly)
            .Where(reference => own.Contains(reference.To.FullName))
            .Where(reference => reference.From.Namespace != reference.To.Namespace)
            .ToArray();
        var arrows = references
            .GroupBy(reference => reference.From.Namespace, reference => reference.To.Namespace)
            .ToDictionary(group => group.Key, group => group.ToHashSet());
        var circles = Circles.Of(arrows).ToArray();
        Assert.True(
            circles.Length == 0,
            string.Join(Environment.NewLine, circles.Select(circle => Describe(circle, references)))
        );
    }

    [Theory]
    [MemberData(nameof(AssemblyNames))]
    public void A_library_writes_to_no_console(string name)
    {
        if (name is "Plait.Cli" or "Plait.Vision.ResNet18")
        {
            return; // programs
        }

        using var assembly = Assemblies.Read(name);
        Assert.All(
            CompiledCode.TypesOf(assembly),
            type =>
                Assert.DoesNotContain(
                    CompiledCode.CallsOf(type),
                    call =>
                        call.DeclaringType.FullName == "System.Console"
                        && !call.Name.StartsWith("Open", StringComparison.Ordinal)
                )
        );
    }

    /// <summary>The pairs of folders of a circle by the number of references between them, the fewest first, with those.</summary>
    private static string Describe(IReadOnlyList<string> circle, IEnumerable<Reference> references)
    {
        var arrows = references
            .Where(reference => circle.Contains(reference.From.Namespace) && circle.Contains(reference.To.Namespace))
            .GroupBy(reference => $"{reference.From.Namespace} -> {reference.To.Namespace}")
            .OrderBy(group => group.Count());
        return $"{string.Join(", ", circle)} use each other:{string.Concat(arrows.Select(Describe))}";
    }

    private static string Describe(IGrouping<string, Reference> arrow) =>
        $"{Environment.NewLine}  {arrow.Key} ({arrow.Count()}): {string.Join("; ", arrow.Take(4).Select(reference => $"{reference.From.Name} uses {reference.To.Name}"))}";

    private static bool IsOurs(TypeReference type) => type.Namespace.StartsWith("Plait", StringComparison.Ordinal);

    private static string FloorOf(TypeReference type) => type.Namespace.Split('.').ElementAtOrDefault(1) ?? type.Name;
}
