using System.Reflection;

namespace Plait.Catalogue;

/// <summary>Every method of the library, found by its <see cref="MethodAttribute"/>, and made from text such as "mgda:at=representation".</summary>
public static class MethodCatalog
{
    /// <summary>All methods, by kind and name.</summary>
    public static IReadOnlyList<MethodEntry> All { get; } =
    [.. Find().OrderBy(entry => entry.Kind).ThenBy(entry => entry.Name, StringComparer.Ordinal)];

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
                $"There is no {kind.ToString().ToLowerInvariant()} '{parsed.Name}'{Nearest.Choice(parsed.Name, [.. choice.Select(entry => entry.Name)])}"
            );
        return (T)entry.Create(parsed, given);
    }

    private static MethodKind? KindOf(Type type) => type.GetCustomAttribute<MethodKindAttribute>(inherit: true)?.Kind;

    private static IEnumerable<MethodEntry> Find()
    {
        foreach (var type in typeof(MethodCatalog).Assembly.GetTypes())
        {
            if (type.GetCustomAttribute<MethodAttribute>() is { } method)
            {
                var kind = KindOf(type) ?? throw new InvalidOperationException($"{type.Name} is a method of no kind.");
                yield return new MethodEntry(method, kind, type);
            }
        }
    }
}
