namespace Plait.Relationships.Grouping;

/// <summary>When a search has to come to its end: at a time, or when it is cancelled.</summary>
internal sealed class Deadline
{
    private readonly TimeProvider clock;
    private readonly TimeSpan? limit;
    private readonly long start;
    private readonly CancellationToken cancel;

    /// <param name="limit">How long the search may take; null for as long as it needs.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="cancel">Ends the search without an answer.</param>
    public Deadline(TimeSpan? limit, TimeProvider clock, CancellationToken cancel)
    {
        (this.limit, this.clock, this.cancel) = (limit, clock, cancel);
        start = clock.GetTimestamp();
    }

    /// <summary>A deadline after a share of the time that is left.</summary>
    public Deadline Part(double share) =>
        new(limit is { } time ? share * Max(time - clock.GetElapsedTime(start)) : null, clock, cancel);

    /// <summary>Whether the time is up.</summary>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public bool HasPassed()
    {
        cancel.ThrowIfCancellationRequested();
        return limit is { } time && clock.GetElapsedTime(start) >= time;
    }

    private static TimeSpan Max(TimeSpan left) => left > TimeSpan.Zero ? left : TimeSpan.Zero;
}
