using System.Diagnostics;
using Plait.Testing;

namespace Plait.Cli.Tests.Packages;

/// <summary>The packages of this checkout in a folder, packed once: of the library and what tables need, and of the tool for this system.</summary>
/// <remarks>What is built for them stays in that folder too, so that nothing of the checkout changes under other tests.</remarks>
public sealed class PackedFeed : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("plait-packages-");

    /// <summary>Packs them.</summary>
    public PackedFeed()
    {
        Pack("src/Plait");
        Pack("src/Plait.Jobs");
        Pack("src/Plait.Tabular");
        Pack("src/Plait.Cli", $"-p:ToolPackageRuntimeIdentifiers={System}", "-p:PublishReadyToRun=false");
    }

    /// <summary>One that no package cache has: a version that is there is not looked for again.</summary>
    public string Version { get; } = $"0.1.0-test.{Guid.NewGuid():N}";

    /// <summary>The folder of the packages.</summary>
    public string Packages => Place("feed");

    /// <summary>This system, as tool packages name it.</summary>
    public static string System =>
        OperatingSystem.IsWindows() ? "win-x64"
        : OperatingSystem.IsMacOS() ? "osx-arm64"
        : "linux-x64";

    /// <summary>A path below the folder of everything.</summary>
    public string Place(string name) => Path.Combine(folder.FullName, name);

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it printed.</returns>
    public static string Run(string place, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = place,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["CI"] = "false"; // its lock files are for the checkout
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}:\n{output}\n{error.Result}");
        return output;
    }

    /// <inheritdoc/>
    public void Dispose() => folder.Delete(recursive: true);

    private void Pack(string project, params string[] more) =>
        Run(
            Checkout.Root,
            "dotnet",
            [
                .. new[] { "pack", project, "-c", "Release", "-o", Packages, "--artifacts-path", Place("build") },
                .. new[] { $"-p:PackageVersion={Version}", "-p:RunAnalyzers=false", "-v", "q" },
                .. more,
            ]
        );
}
