using Plait.Benchmarks;
using Plait.Catalogue;

namespace Plait.Cli.Arguments;

/// <summary>The benchmark that a command line names.</summary>
internal static class NamedBenchmark
{
    /// <param name="name">Its name.</param>
    /// <param name="what">What the command calls it, for errors: a benchmark or a data set.</param>
    /// <exception cref="CommandFailure">There is none of that name.</exception>
    public static Benchmark Find(string name, string what)
    {
        try
        {
            return BenchmarkCatalog.Get(name, what);
        }
        catch (ArgumentException failure)
        {
            throw new CommandFailure(ArgumentMessage.Of(failure), ExitCode.Usage);
        }
    }
}
