using System.IO.Compression;
using Plait.Testing;

namespace Plait.Cli.Tests.Packages;

/// <summary>What a user does with the packages, in empty folders: build a program with the library, and install the tool.</summary>
/// <param name="feed">The packages.</param>
[Trait("category", "slow")]
public sealed class PackageTests(PackedFeed feed) : IClassFixture<PackedFeed>
{
    [Fact]
    public void The_sample_of_the_readme_runs_in_a_project_that_has_the_package()
    {
        var project = Directory.CreateDirectory(feed.Place("sample")).FullName;
        File.WriteAllText(
            Path.Combine(project, "sample.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <RestoreAdditionalProjectSources>{feed.Packages}</RestoreAdditionalProjectSources>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Plait.Tabular" Version="{feed.Version}" />
              </ItemGroup>
            </Project>
            """
        );
        File.WriteAllText(Path.Combine(project, "Program.cs"), Sample());
        const string Table = "examples/TwoTargets/houses.csv";
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(project, Table))!);
        File.Copy(Path.Combine(Checkout.Root, Table), Path.Combine(project, Table));

        Assert.Contains(
            "price: R²",
            PackedFeed.Run(project, "dotnet", "run", "-c", "Release"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_tool_is_installed_and_trains()
    {
        var tools = feed.Place("tools");
        string[] source = ["--add-source", feed.Packages, "--version", feed.Version];
        PackedFeed.Run(feed.Place(""), "dotnet", ["tool", "install", "Plait.Cli", "--tool-path", tools, .. source]);
        var table = Path.Combine(Checkout.Root, "examples/TwoTargets/houses.csv");
        string[] targets = ["-t", "price", "-t", "energy", "--epochs", "2"];

        PackedFeed.Run(tools, Path.Combine(tools, "plait"), ["train", table, .. targets, "-o", feed.Place("model")]);

        Assert.NotEmpty(Directory.EnumerateFiles(feed.Place("model")));
    }

    [Fact]
    public void Packages_have_what_their_users_read()
    {
        foreach (var package in Directory.EnumerateFiles(feed.Packages, "*.nupkg"))
        {
            using var content = ZipFile.OpenRead(package);
            Assert.Superset(
                new HashSet<string> { "README.md", "icon.png" },
                content.Entries.Select(entry => entry.FullName).ToHashSet()
            );
        }

        using var library = ZipFile.OpenRead(Path.Combine(feed.Packages, $"Plait.{feed.Version}.nupkg"));
        Assert.NotNull(library.GetEntry("lib/net10.0/Plait.xml"));
        using var nuspec = new StreamReader(library.GetEntry("Plait.nuspec")!.Open());
        Assert.DoesNotContain("libtorch", nuspec.ReadToEnd(), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(feed.Packages, $"Plait.{feed.Version}.snupkg")));
    }

    /// <summary>The first C# of README.</summary>
    private static string Sample() =>
        Checkout.Read("README.md").ReplaceLineEndings("\n").Split("```csharp\n", 2)[1].Split("```", 2)[0];
}
