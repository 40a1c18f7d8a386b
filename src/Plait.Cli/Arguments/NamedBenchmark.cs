using Plait.Benchmarks;
using Plait.Catalogue;

namespace Plait.Cli.Arguments;

/// <summary>The benchmark that a command line names.</summary>
internal static class NamedBenchmark
{
    /// <param name="name">Its name.</param>
    /// <param name="what">What the command calls it, for errors: a benchmark or a data set.</param>
    /// <exception cref="CommandFailure">There is none of that name.</exception>
    public static Benchmark Find(string name, string what) =>
        BenchmarkCatalog.All.FirstOrDefault(benchmark => benchmark.Name == name)
        ?? throw new CommandFailure(
            $"There is no {what} '{name}'{Nearest.Hint(name, BenchmarkCatalog.All.Select(benchmark => benchmark.Name))}; choose from {string.Join(", ", BenchmarkCatalog.All)}.",
            ExitCode.Usage
        );
}
