using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Plait.Catalogue;

namespace Plait.Jobs;

/// <summary>The kinds of data sources, for the JSON of jobs and plans.</summary>
internal static class DataSourceKinds
{
    private const string Discriminator = "kind";

    private static readonly Found<JsonDerivedType> Known = new(assemblies =>
        [
            .. from assembly in assemblies
            from type in MethodAssemblies.TypesOf(assembly)
            where type.IsSubclassOf(typeof(DataSource))
            let kind = type.GetCustomAttribute<DataSourceKindAttribute>()
            where kind is not null
            select new JsonDerivedType(type, kind.Kind),
        ]
    );

    private static readonly Lazy<bool> Loaded = new(LoadReferenced);

    /// <summary>Types as serializers see them, data sources by their kinds. Those of an assembly that is loaded after the first use are not among them.</summary>
    public static IJsonTypeInfoResolver Resolver() => new DefaultJsonTypeInfoResolver { Modifiers = { AddKinds } };

    private static void AddKinds(JsonTypeInfo type)
    {
        if (type.Type != typeof(DataSource))
        {
            return;
        }

        _ = Loaded.Value;
        type.PolymorphismOptions = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = Discriminator };
        foreach (var kind in Known.All)
        {
            type.PolymorphismOptions.DerivedTypes.Add(kind);
        }
    }

    /// <summary>
    /// Loads what the program was built with: an assembly comes with the first use of one of its types, and a worker reads the name of a
    /// kind before that.
    /// </summary>
    /// <returns>Whether there is a program.</returns>
    private static bool LoadReferenced()
    {
        if (Assembly.GetEntryAssembly() is not { } program)
        {
            return false;
        }

        var own = typeof(DataSourceKinds).Assembly.GetName().Name;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<Assembly>([program]);
        while (open.TryPop(out var assembly))
        {
            var references = assembly.GetReferencedAssemblies();
            if (assembly != program && !references.Any(reference => reference.Name == own))
            {
                continue; // it knows no data sources
            }

            foreach (var reference in references.Where(reference => seen.Add(reference.FullName)))
            {
                if (!MethodAssemblies.IsOfTheRuntime(reference.FullName) && Load(reference) is { } loaded)
                {
                    open.Push(loaded);
                }
            }
        }

        return true;
    }

    private static Assembly? Load(AssemblyName name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (Exception fault) when (fault is IOException or BadImageFormatException)
        {
            return null; // what needs it says so
        }
    }
}
