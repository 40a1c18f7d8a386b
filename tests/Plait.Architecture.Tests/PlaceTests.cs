using System.Text.RegularExpressions;
using Plait.Testing;

namespace Plait.Architecture.Tests;

/// <summary>Files stand in the folder that their namespace names.</summary>
public sealed partial class PlaceTests
{
    public static TheoryData<string> AssemblyNames => Assemblies.Names;

    [Theory]
    [MemberData(nameof(AssemblyNames))]
    public void A_file_stands_in_the_folder_of_its_namespace(string name)
    {
        var root = Path.Combine(Checkout.Root, "src", name);
        var files = Directory
            .GetFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(root, file))
            .Where(file => file.Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj" or "buildTransitive"));
        var project = File.ReadAllText(Path.Combine(root, $"{name}.csproj"));
        var space = RootNamespace().Match(project) is { Success: true } other ? other.Groups[1].Value : name;
        var elsewhere = files
            .Select(file =>
                (File: file, Namespace: Declaration().Match(File.ReadAllText(Path.Combine(root, file))).Groups[1].Value)
            )
            .Where(place => place.Namespace.Length > 0 && place.Namespace != Expected(space, place.File));
        Assert.Empty(elsewhere);
    }

    private static string Expected(string root, string file) =>
        string.Join('.', [root, .. file.Split(Path.DirectorySeparatorChar)[..^1]]);

    [GeneratedRegex("<RootNamespace>(.+)</RootNamespace>")]
    private static partial Regex RootNamespace();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
