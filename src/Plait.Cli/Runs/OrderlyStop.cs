namespace Plait.Cli.Runs;

/// <summary>Work that a signal stops in order: it looks at its cancellation token, and has something to put away first.</summary>
/// <remarks>All other work, such as reading a large table, is given up where it stands when a signal comes.</remarks>
internal sealed class OrderlyStop : IDisposable
{
    private static int underWay;

    private OrderlyStop() => Interlocked.Increment(ref underWay);

    /// <summary>Whether such work goes on in this process.</summary>
    public static bool IsExpected => Volatile.Read(ref underWay) > 0;

    /// <summary>Begins such work, which lasts until what is returned is disposed of.</summary>
    public static OrderlyStop Begin() => new();

    public void Dispose() => Interlocked.Decrement(ref underWay);
}
