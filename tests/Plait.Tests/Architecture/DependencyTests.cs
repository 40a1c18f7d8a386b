using System.Text.RegularExpressions;
using Plait.Testing;

namespace Plait.Tests.Architecture;

/// <summary>Dependencies point down: from the trainer to the numbers, and from the tool to the library.</summary>
public sealed partial class DependencyTests
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

    private static readonly Dictionary<string, string[]> Projects = new()
    {
        ["Plait"] = [],
        ["Plait.Tabular"] = ["Plait"],
        ["Plait.Benchmarks"] = ["Plait", "Plait.Tabular"],
        ["Plait.Analysis"] = ["Plait", "Plait.Tabular", "Plait.Benchmarks"],
        ["Plait.Reporting"] = ["Plait", "Plait.Tabular", "Plait.Benchmarks", "Plait.Analysis"],
        ["Plait.Cli"] = ["Plait", "Plait.Tabular", "Plait.Benchmarks", "Plait.Analysis", "Plait.Reporting"],
    };

    private static string Source { get; } = Path.Combine(Checkout.Root, "src");

    public static TheoryData<string> FloorNames => [.. Floors];

    public static TheoryData<string> ProjectNames => [.. Projects.Keys];

    [Theory]
    [MemberData(nameof(FloorNames))]
    public void A_floor_uses_only_those_below_it(string floor)
    {
        var allowed = Floors.TakeWhile(below => below != floor).Append(floor).ToArray();
        var files = Directory.GetFiles(Path.Combine(Source, "Plait", floor), "*.cs", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var used = UsedFloor().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value).Distinct();
            Assert.All(
                used,
                name => Assert.True(allowed.Contains(name), $"{file} uses {name}, which stands above {floor}.")
            );
        }
    }

    [Fact]
    public void Every_folder_of_the_library_is_a_floor() =>
        Assert.Equal(
            Floors.Order(),
            Directory
                .GetDirectories(Path.Combine(Source, "Plait"))
                .Select(folder => Path.GetFileName(folder))
                .Except(["bin", "obj", "buildTransitive"])
                .Order()
        );

    [Theory]
    [MemberData(nameof(ProjectNames))]
    public void A_project_refers_only_to_those_below_it(string project)
    {
        var text = File.ReadAllText(Path.Combine(Source, project, $"{project}.csproj"));
        var used = ReferencedProject().Matches(text).Select(match => match.Groups[1].Value);
        Assert.All(used, name => Assert.Contains(name, Projects[project]));
    }

    [Fact]
    public void The_library_depends_on_TorchSharp_alone()
    {
        var text = File.ReadAllText(Path.Combine(Source, "Plait", "Plait.csproj"));
        var packages = ReferencedPackage().Matches(text).Select(match => match.Groups[1].Value);
        Assert.All(
            packages,
            name =>
                Assert.True(name == "TorchSharp" || name.StartsWith("libtorch-cpu-", StringComparison.Ordinal), name)
        );
    }

    [GeneratedRegex(@"\bPlait\.(Numerics|Torch|Catalogue|Tasks|Data|Networks|Optimization|Training)\b")]
    private static partial Regex UsedFloor();

    [GeneratedRegex(@"<ProjectReference\s+Include=""[^""]*?([\w.]+)\.csproj""")]
    private static partial Regex ReferencedProject();

    [GeneratedRegex(@"<PackageReference\s+Include=""([^""]+)""")]
    private static partial Regex ReferencedPackage();
}
