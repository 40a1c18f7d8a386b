using System.Reflection;
using System.Runtime.InteropServices;

namespace Plait.Torch;

/// <summary>
/// Loads libtorch and TorchSharp's native binding, so that TorchSharp works without files copied beside the program.
/// </summary>
/// <remarks>
/// C# programs that reference Plait call <see cref="EnsureAtStart"/> by themselves, from a module initializer that the package
/// adds to them. Programs in F# or Visual Basic call it before their first use of TorchSharp: a failed first attempt
/// of TorchSharp's own loader is final for the process.
/// </remarks>
public static class TorchNative
{
    // Lazy keeps the exception too: every later call says the same thing as the first.
    private static readonly Lazy<bool> Loaded = new(Load);

    /// <summary>
    /// Makes sure that the native libraries are loaded. Safe to call often and from any thread.
    /// </summary>
    /// <exception cref="DllNotFoundException">libtorch or TorchSharp's binding is missing or does not load.</exception>
    public static void Ensure() => _ = Loaded.Value;

    /// <summary>
    /// The same when a program starts, unless it has the switch <c>Plait.LoadsLibTorchLater</c>: such a program calls <see cref="Ensure"/> before its first
    /// tensor, and whatever it does without one starts a third of a second sooner.
    /// </summary>
    /// <exception cref="DllNotFoundException">libtorch or TorchSharp's binding is missing or does not load.</exception>
    public static void EnsureAtStart()
    {
        if (!AppContext.TryGetSwitch("Plait.LoadsLibTorchLater", out var later) || !later)
        {
            Ensure();
        }
    }

    private static bool Load()
    {
        // The order matters: libtorch brings the rest of itself from its own folder, and what the binding needs is then
        // found among the libraries that are already loaded, wherever the binding lies.
        if (!TryLoadAny(FileName("torch"), LibTorchPackage, MetadataOf("LibTorchVersion"), out var tried))
        {
            throw new DllNotFoundException(
                $"libtorch was not found or does not load: add the NuGet package {LibTorchPackage} {MetadataOf("LibTorchVersion")} "
                    + "to the program (a tool finds it in the package cache, once any project has been restored with it), "
                    + $"or put {FileName("torch")} on the library path (looked at: {Listed(tried)})."
            );
        }

        if (
            !TryLoadAny(FileName("LibTorchSharp"), "torchsharp", MetadataOf("TorchSharpVersion"), out tried)
            && !TryLoadPatched(tried)
        )
        {
            throw new DllNotFoundException(
                $"TorchSharp's {FileName("LibTorchSharp")} was not found or does not load: add the NuGet package TorchSharp "
                    + $"{MetadataOf("TorchSharpVersion")} to the program (looked at: {Listed(tried)})."
            );
        }

        return true;
    }

    private static bool TryLoadAny(string file, string package, string version, out List<string> tried)
    {
        tried =
        [
            .. FoldersOf(package, version).Select(folder => Path.Combine(folder, file)).Where(File.Exists).Distinct(),
        ];

        // The bare name, last, is what a system-wide installation or LD_LIBRARY_PATH answers to.
        return tried.Append(file).Any(path => NativeLibrary.TryLoad(path, out _));
    }

    /// <summary>Before GCC 13, the system's C++ library lacks one symbol version that the binding names but never uses.</summary>
    private static bool TryLoadPatched(List<string> bindings) =>
        OperatingSystem.IsLinux() && bindings.Any(PatchedLibrary.TryLoad);

    private static IEnumerable<string> FoldersOf(string package, string version)
    {
        var rid = $"{SystemName}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        var native = Path.Combine("runtimes", rid, "native");
        var hostFolders = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";

        foreach (var folder in hostFolders.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            yield return folder;
        }

        yield return AppContext.BaseDirectory;
        yield return Path.Combine(AppContext.BaseDirectory, native);
        yield return Path.Combine(PackageCache, package, version, native);
    }

    private static string PackageCache =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } moved
            ? moved
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static string LibTorchPackage =>
        OperatingSystem.IsMacOS() ? "libtorch-cpu-osx-arm64" : $"libtorch-cpu-{SystemName}-x64";

    private static string SystemName =>
        OperatingSystem.IsWindows() ? "win"
        : OperatingSystem.IsMacOS() ? "osx"
        : "linux";

    private static string FileName(string library) =>
        OperatingSystem.IsWindows() ? $"{library}.dll"
        : OperatingSystem.IsMacOS() ? $"lib{library}.dylib"
        : $"lib{library}.so";

    private static string MetadataOf(string key) =>
        typeof(TorchNative).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == key).Value!;

    private static string Listed(List<string> paths) =>
        paths.Count == 0 ? "no such file anywhere" : string.Join(", ", paths);
}
