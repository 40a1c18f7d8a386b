using System.Reflection;
using Plait.Catalogue;

namespace Plait.Tasks;

/// <summary>
/// The kinds of targets that users can name: every <see cref="AnswerKind"/> of the library and of the assemblies that say they bring
/// some (<see cref="PlaitMethodsAttribute"/>) or were added (<see cref="MethodCatalog.Add"/>).
/// </summary>
/// <remarks>Safe for several threads.</remarks>
public static class AnswerKinds
{
    private static readonly Found<AnswerKind> Found = new(Find);

    /// <summary>All kinds by now, by name.</summary>
    /// <exception cref="InvalidOperationException">Two kinds have one name; the message names the classes.</exception>
    public static IReadOnlyList<AnswerKind> All => Found.All;

    /// <summary>The names, as an error lists them: "binary, count or regression".</summary>
    public static string Listed => $"{string.Join(", ", All.SkipLast(1).Select(kind => kind.Name))} or {All[^1].Name}";

    /// <summary>The kind of a name, in upper or lower case; null when there is none.</summary>
    public static AnswerKind? Named(string? name) =>
        All.FirstOrDefault(kind => kind.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The kind of a name.</summary>
    /// <exception cref="FormatException">There is none; the message lists those there are.</exception>
    public static AnswerKind Of(string name) =>
        Named(name)
        ?? throw new FormatException(
            $"There is no kind of target '{name}'{NameSuggestion.Choice(name, [.. All.Select(kind => kind.Name)])}"
        );

    private static AnswerKind[] Find(IReadOnlyList<Assembly> assemblies)
    {
        AnswerKind[] kinds =
        [
            .. assemblies
                .SelectMany(MethodAssemblies.TypesOf)
                .Where(type => type.IsSubclassOf(typeof(AnswerKind)) && !type.IsAbstract)
                .Select(type => (AnswerKind)Activator.CreateInstance(type, nonPublic: true)!)
                .OrderBy(kind => kind.Name, StringComparer.Ordinal),
        ];
        return
            kinds.GroupBy(kind => kind.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1)
                is { } twice
            ? throw new InvalidOperationException(
                $"{string.Join(" and ", twice.Select(kind => kind.GetType().FullName))} are both called '{twice.Key}' (kind of target); rename one of them."
            )
            : kinds;
    }
}
