namespace Plait.Benchmarks;

/// <summary>Where a benchmark reads from, and how it divides its rows.</summary>
public sealed record BenchmarkOptions
{
    /// <summary>The folder that holds the benchmark's files, under their own names, compressed or not; null for the embedded data.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>One of <see cref="Benchmark.SplitNames"/>; null for the first.</summary>
    public string? Split { get; init; }

    /// <summary>What chance in the division is drawn from.</summary>
    public long Seed { get; init; }

    /// <summary>How many rows to make, for a benchmark whose rows are made rather than read; null for its own number.</summary>
    public int? Rows { get; init; }
}
