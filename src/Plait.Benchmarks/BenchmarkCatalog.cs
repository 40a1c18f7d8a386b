using System.Reflection;
using Plait.Catalogue;

namespace Plait.Benchmarks;

/// <summary>Every benchmark that the library can read: those whose data it carries, then those that are read from a folder.</summary>
/// <remarks>
/// A subclass of <see cref="Benchmark"/> is found by itself: by the constructor without arguments, or, where there are several of one make,
/// by its public static properties, such as <c>Office.Home</c>.
/// </remarks>
public static class BenchmarkCatalog
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Benchmark> All { get; } =
    [
        .. typeof(BenchmarkCatalog)
            .Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Benchmark)) && !type.IsAbstract)
            .SelectMany(Of)
            .OrderByDescending(benchmark => benchmark.IsEmbedded)
            .ThenBy(benchmark => benchmark.Name, StringComparer.Ordinal),
    ];

    /// <summary>The one that comparisons take where none is named.</summary>
    public static Benchmark Default { get; } = Get("tox21");

    /// <summary>The benchmark of this name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="what">What the error says that there is none of.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Benchmark Get(string name, string what = "benchmark")
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(benchmark => benchmark.Name == name)
            ?? throw new ArgumentException(
                $"There is no {what} '{name}'{NameSuggestion.Hint(name, All.Select(benchmark => benchmark.Name))}; choose from {string.Join(", ", All)}.",
                nameof(name)
            );
    }

    private static IEnumerable<Benchmark> Of(Type type)
    {
        Benchmark[] several =
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
                .Where(property => property.PropertyType == type)
                .Select(property => (Benchmark)property.GetValue(null)!),
        ];
        return several.Length > 0 ? several : [(Benchmark)Activator.CreateInstance(type)!];
    }
}
