using System.Reflection;

namespace Plait.Catalogue;

/// <summary>
/// Every method of the library and of the assemblies that say they bring some (<see cref="PlaitMethodsAttribute"/>), found by its
/// <see cref="MethodAttribute"/>, and made from text such as "mgda:at=representation".
/// </summary>
/// <remarks>Safe for several threads.</remarks>
public static class MethodCatalog
{
    private static readonly Found<MethodEntry> Found = new(Find);

    /// <summary>All methods by now, by kind and name.</summary>
    /// <exception cref="InvalidOperationException">Two methods of a kind have one name, or a method is of no kind; the message names the classes.</exception>
    public static IReadOnlyList<MethodEntry> All => Found.All;

    /// <summary>Looks for methods, kinds of targets and colours in an assembly too, whether it is marked or not.</summary>
    /// <param name="assembly">One that is in the catalogue already stays there.</param>
    /// <exception cref="ArgumentException">A method of it is of no kind, or has the name of another; the assembly is left out.</exception>
    public static void Add(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        MethodAssemblies.Add(assembly); // a marked one is there since it was loaded, and may not fit all the same
        try
        {
            _ = All;
        }
        catch (InvalidOperationException fault)
        {
            MethodAssemblies.Remove(assembly);
            throw new ArgumentException(fault.Message, nameof(assembly), fault);
        }
    }

    /// <summary>The methods of one kind.</summary>
    public static IEnumerable<MethodEntry> Of(MethodKind kind) => All.Where(entry => entry.Kind == kind);

    /// <summary>What users call a method: its name here, or its type's where it is not here.</summary>
    public static string NameOf(object method)
    {
        ArgumentNullException.ThrowIfNull(method);
        return All.FirstOrDefault(entry => entry.Type == method.GetType())?.Name ?? method.GetType().Name;
    }

    /// <summary>Makes a method from its name and options.</summary>
    /// <typeparam name="T">The base class of the method's kind, or one of them where a kind has several.</typeparam>
    /// <param name="specification">A name, then options: "name", or "name:option=value,option=value". Lists are written 256-64.</param>
    /// <param name="given">What the method's constructor needs and text cannot say, such as the tasks.</param>
    /// <exception cref="FormatException">The name or an option is unknown, or a value cannot be read; the message says what was probably meant, or lists what there is.</exception>
    public static T Create<T>(string specification, params object[] given)
        where T : class
    {
        var parsed = MethodSpecification.Parse(specification);
        var kind =
            KindOf(typeof(T))
            ?? throw new ArgumentException($"{typeof(T).Name} is the base class of no kind of method.");
        MethodEntry[] choice = [.. Of(kind).Where(entry => entry.Type.IsAssignableTo(typeof(T)))];
        var entry =
            Array.Find(choice, entry => entry.Name == parsed.Name)
            ?? throw new FormatException(
                $"There is no {kind.ToString().ToLowerInvariant()} '{parsed.Name}'{NameSuggestion.Choice(parsed.Name, [.. choice.Select(entry => entry.Name)])}"
            );
        return (T)entry.Create(parsed, given);
    }

    private static MethodKind? KindOf(Type type) => type.GetCustomAttribute<MethodKindAttribute>(inherit: true)?.Kind;

    private static MethodEntry[] Find(IReadOnlyList<Assembly> assemblies)
    {
        MethodEntry[] entries =
        [
            .. assemblies
                .SelectMany(MethodAssemblies.TypesOf)
                .Select(type => (Type: type, Method: type.GetCustomAttribute<MethodAttribute>()))
                .Where(found => found.Method is not null)
                .Select(found => new MethodEntry(found.Method!, RequireKind(found.Type), found.Type))
                .OrderBy(entry => entry.Kind)
                .ThenBy(entry => entry.Name, StringComparer.Ordinal),
        ];
        for (var i = 1; i < entries.Length; i++)
        {
            var (first, second) = (entries[i - 1], entries[i]);
            if (first.Kind == second.Kind && first.Name == second.Name)
            {
                throw new InvalidOperationException(
                    $"{first.Type.FullName} and {second.Type.FullName} are both called '{second.Name}' ({second.Kind.ToString().ToLowerInvariant()}); rename one of them."
                );
            }
        }

        return entries;
    }

    private static MethodKind RequireKind(Type type) =>
        KindOf(type)
        ?? throw new InvalidOperationException(
            $"{type.FullName} is marked as a method and is of no kind; derive it from the base class of one, such as GradientAggregator."
        );
}
