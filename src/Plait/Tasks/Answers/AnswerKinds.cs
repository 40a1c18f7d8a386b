namespace Plait.Tasks.Answers;

/// <summary>The kinds of targets that users can name: every <see cref="AnswerKind"/> of the library, and of the assemblies in memory that build on it.</summary>
public static class AnswerKinds
{
    private static readonly Lazy<IReadOnlyList<AnswerKind>> Found = new(Find);

    /// <summary>All kinds, by name.</summary>
    public static IReadOnlyList<AnswerKind> All => Found.Value;

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
            $"There is no kind of target '{name}'{Catalogue.Nearest.Choice(name, [.. All.Select(kind => kind.Name)])}"
        );

    private static IReadOnlyList<AnswerKind> Find()
    {
        var own = typeof(AnswerKind).Assembly;
        var assemblies = AppDomain
            .CurrentDomain.GetAssemblies()
            .Where(assembly =>
                assembly == own || assembly.GetReferencedAssemblies().Any(name => name.Name == own.GetName().Name)
            );
        return
        [
            .. assemblies
                .SelectMany(assembly => assembly.GetTypes())
                .Where(type => type.IsSubclassOf(typeof(AnswerKind)) && !type.IsAbstract)
                .Select(type => (AnswerKind)Activator.CreateInstance(type, nonPublic: true)!)
                .OrderBy(kind => kind.Name, StringComparer.Ordinal),
        ];
    }
}
