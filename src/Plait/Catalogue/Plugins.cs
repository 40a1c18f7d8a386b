using System.Reflection;
using System.Runtime.Loader;

namespace Plait.Catalogue;

/// <summary>Assemblies of methods that are loaded from files, as <c>plait --plugin</c> does.</summary>
/// <remarks>
/// A plugin is code, and runs with all rights of the program. It shares the program's Plait and TorchSharp; what else it was built with is
/// found beside it. Safe for several threads.
/// </remarks>
public static class Plugins
{
    private static readonly Lock Gate = new();
    private static readonly AssemblyLoadContext Context = AssemblyLoadContext.GetLoadContext(typeof(Plugins).Assembly)!;
    private static volatile string[] loaded = [];

    /// <summary>The full paths of those that were loaded, in their order.</summary>
    public static IReadOnlyList<string> Loaded => loaded;

    /// <summary>Loads an assembly and adds its methods, kinds of targets and colours to the catalogue. A file that is loaded already is left as it is.</summary>
    /// <param name="file">The path of the .dll.</param>
    /// <exception cref="FileNotFoundException">The file is not there.</exception>
    /// <exception cref="InvalidDataException">
    /// It is no assembly, is built for another framework or against another version of Plait, lacks what it was built with, holds no methods, or has a method of a
    /// name that is taken; the message is one line that says what to do.
    /// </exception>
    public static void Load(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        file = Path.GetFullPath(file);
        lock (Gate)
        {
            if (loaded.Contains(file))
            {
                return;
            }

            PluginFile.Check(file);
            Add(file);
            loaded = [.. loaded, file];
        }
    }

    private static void Add(string file)
    {
        Assembly? Beside(AssemblyLoadContext context, AssemblyName name)
        {
            var path = Path.Combine(Path.GetDirectoryName(file)!, $"{name.Name}.dll");
            return File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
        }

        Context.Resolving += Beside;
        try
        {
            var assembly = Context.LoadFromAssemblyPath(file);
            MethodCatalog.Add(assembly);
            RequireMethods(assembly, file);
        }
        catch (Exception fault)
            when (fault is ArgumentException or FileLoadException or FileNotFoundException or BadImageFormatException)
        {
            Context.Resolving -= Beside;
            throw new InvalidDataException($"{file}: {ArgumentMessage.Of(fault).ReplaceLineEndings(" ")}", fault);
        }
        catch
        {
            Context.Resolving -= Beside;
            throw;
        }
    }

    /// <summary>Refuses an assembly that brings nothing: one with a mark may bring kinds of targets or colours alone.</summary>
    private static void RequireMethods(Assembly assembly, string file)
    {
        if (
            !assembly.IsDefined(typeof(PlaitMethodsAttribute), inherit: false)
            && !MethodCatalog.All.Any(entry => entry.Type.Assembly == assembly)
        )
        {
            MethodAssemblies.Remove(assembly);
            throw new InvalidDataException(
                $"{file} holds no methods: none of its classes has [Method], and it is not marked with [assembly: PlaitMethods]."
            );
        }
    }
}
