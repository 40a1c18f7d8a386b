namespace Plait.Jobs.Runs;

/// <summary>Which runs to list; what is null does not narrow the list.</summary>
public sealed record RunFilter
{
    /// <summary>Only runs of this kind.</summary>
    public RunKind? Kind { get; init; }

    /// <summary>Only runs that have come this far.</summary>
    public RunStatus? Status { get; init; }

    /// <summary>Only runs on this benchmark.</summary>
    public string? Benchmark { get; init; }

    /// <summary>Whether trainings that are part of a comparison or an analysis are listed too.</summary>
    public bool IncludeChildren { get; init; }

    /// <summary>At most this many; 1 or more.</summary>
    public int? Limit { get; init; }
}
