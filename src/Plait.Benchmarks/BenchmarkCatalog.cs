namespace Plait.Benchmarks;

/// <summary>Every benchmark that comes with the library.</summary>
public static class BenchmarkCatalog
{
    /// <summary>All of them; the default of comparisons first.</summary>
    public static IReadOnlyList<Benchmark> All { get; } =
    [
        new Tox21(),
        new FashionPairs(),
        new Omniglot8(),
        new Parkinsons(),
        new Adult(),
        new Snips(),
        new RenderedScenes(),
        new Pets600(),
    ];

    /// <summary>The benchmark of this name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Benchmark Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(benchmark => benchmark.Name == name)
            ?? throw new ArgumentException(
                $"There is no benchmark '{name}'; choose from {string.Join(", ", All)}.",
                nameof(name)
            );
    }
}
