using System.Reflection;

namespace Plait.Cli.Commands;

/// <summary>The packages that come with the program, some of which bring methods.</summary>
internal static class MethodPackages
{
    /// <summary>Loads them: the catalogue finds methods in assemblies that are loaded, and the runtime loads one when code first uses it.</summary>
    public static void Load()
    {
        foreach (var name in typeof(MethodPackages).Assembly.GetReferencedAssemblies())
        {
            if (name.Name!.StartsWith("Plait.", StringComparison.Ordinal))
            {
                Assembly.Load(name);
            }
        }
    }
}
