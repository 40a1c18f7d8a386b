using System.Collections.Concurrent;
using System.Reflection;

namespace Plait.Catalogue;

/// <summary>The assemblies that are looked through for methods: the library, those that say so of themselves, and those that were added.</summary>
/// <remarks>Safe for several threads. The packages of Plait that the program was built with are loaded first; another assembly that is loaded later is there from the next look on.</remarks>
internal static class MethodAssemblies
{
    private static readonly Assembly Library = typeof(MethodAssemblies).Assembly;
    private static readonly Lock Gate = new();
    private static readonly ConcurrentQueue<Assembly> Loaded = new(); // not asked yet: a load is no time to look at attributes
    private static Assembly[] found = [Library];
    private static bool hasPackages;

    static MethodAssemblies()
    {
        AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) => Loaded.Enqueue(loaded.LoadedAssembly);
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            Loaded.Enqueue(assembly);
        }
    }

    /// <summary>The library first, then the others as they were found; the same list until there is one more.</summary>
    public static IReadOnlyList<Assembly> All
    {
        get
        {
            lock (Gate)
            {
                if (!hasPackages)
                {
                    hasPackages = true;
                    LoadPackages();
                }

                while (Loaded.TryDequeue(out var assembly))
                {
                    if (IsMarked(assembly))
                    {
                        Append(assembly);
                    }
                }

                return found;
            }
        }
    }

    /// <summary>Looks through an assembly from now on.</summary>
    public static void Add(Assembly assembly)
    {
        lock (Gate)
        {
            _ = All;
            Append(assembly);
        }
    }

    /// <summary>Looks through an assembly no more.</summary>
    public static void Remove(Assembly assembly)
    {
        lock (Gate)
        {
            found = [.. found.Where(one => one != assembly)];
        }
    }

    /// <summary>The types of an assembly that is looked through.</summary>
    /// <exception cref="InvalidOperationException">What it refers to is not there.</exception>
    public static Type[] TypesOf(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException fault)
        {
            throw new InvalidOperationException(
                $"{assembly.GetName().Name} brings methods and cannot be read ({fault.LoaderExceptions.FirstOrDefault()?.Message.Split('\n')[0]}); put beside it what it was built with.",
                fault
            );
        }
    }

    /// <summary>
    /// Loads the packages of Plait that the program was built with. The runtime loads one at the first use of a type of it, and what is found
    /// must not hang on what was used before.
    /// </summary>
    private static void LoadPackages()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<Assembly>();
        if (Assembly.GetEntryAssembly() is { } program)
        {
            open.Push(program);
        }

        while (open.TryPop(out var assembly))
        {
            foreach (var name in assembly.GetReferencedAssemblies())
            {
                if (name.Name!.StartsWith("Plait.", StringComparison.Ordinal) && seen.Add(name.Name))
                {
                    open.Push(Assembly.Load(name));
                }
            }
        }
    }

    /// <summary>Asks for the mark; the many assemblies of the runtime are told by their names, which is quicker.</summary>
    private static bool IsMarked(Assembly assembly)
    {
        try
        {
            return !IsOfTheRuntime(assembly.FullName)
                && assembly.IsDefined(typeof(PlaitMethodsAttribute), inherit: false);
        }
        catch (Exception fault) when (fault is IOException or TypeLoadException or BadImageFormatException)
        {
            return false; // another mark of it is not there
        }
    }

    /// <summary>Whether the full name of an assembly is that of one of the runtime's.</summary>
    public static bool IsOfTheRuntime(string? name) =>
        name is null
        || name.StartsWith("System.", StringComparison.Ordinal)
        || name.StartsWith("Microsoft.", StringComparison.Ordinal);

    private static void Append(Assembly assembly)
    {
        if (!found.Contains(assembly))
        {
            found = [.. found, assembly];
        }
    }
}
