using Plait.Benchmarks.Vision;
using Plait.Catalogue;

namespace Plait.Benchmarks;

/// <summary>Every benchmark that the library can read: those whose data it carries, then those that are read from a folder.</summary>
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
        new AdultWork(),
        new Snips(),
        new RenderedScenes(),
        new Pets600(),
        new NyuV2(),
        new Cityscapes(),
        new Cityscapes(classes: 19),
        new Cityscapes(classes: 2),
        new Nyud(),
        new PascalContext(),
        new Taskonomy(),
        new Taskonomy(TaskonomyProtocol.Standley1),
        new Taskonomy(TaskonomyProtocol.Standley2),
        new CelebA(),
        Office.Of31,
        Office.Home,
        new VisualDecathlon(),
        new Omniglot(),
        new Cifar100(),
        MultiMnist.Digits,
        MultiMnist.Fashion,
    ];

    /// <summary>The benchmark of this name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Benchmark Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(benchmark => benchmark.Name == name)
            ?? throw new ArgumentException(
                $"There is no benchmark '{name}'{Nearest.Hint(name, All.Select(benchmark => benchmark.Name))}; choose from {string.Join(", ", All)}.",
                nameof(name)
            );
    }
}
